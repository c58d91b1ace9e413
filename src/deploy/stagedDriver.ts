import { TRIAL_DRIVER } from './trialDriver';

/**
 * A Perl program (core modules only) that shows the site as it will be after an upload to TRIAL_DRIVER: in a private folder beside the
 * site's own, so that what a program finds through `..` is the same, with links to all that stays and to what waits under temporary
 * names. Code is linked by its inode: interpreters ask where a file really lies. What waits may not be executable yet; then a copy is
 * started, as a link's mode is that of the file itself. The folder is gone when it ends. Arguments: the
 * site's folder, eight hex digits, seconds for each trial. After `__END__` stand the orders, a word and hexadecimal texts: `file` (path,
 * where it waits), `gone` (path), `try` (path, FastCGI request, interpreter). For each `try` it prints `trial`, `missing` or
 * `other` where the interpreter is not there, and the lines of TRIAL_DRIVER.
 */
const SHADOW = String.raw`
use strict;
use warnings;
use File::Copy ();
use File::Path ();

my ($site, $id, $patience) = @ARGV;
my $search = '/usr/local/bin:/usr/bin:/bin';
my (%new, %gone, @tries);
while (my $line = <DATA>) {
    my ($what, @texts) = split ' ', $line;
    next unless defined $what;
    my ($path, @rest) = map { pack 'H*', $_ } @texts;
    if ($what eq 'file') { $new{$path} = $rest[0] }
    elsif ($what eq 'gone') { $gone{$path} = 1 }
    elsif ($what eq 'try') { push @tries, [$path, @rest] }
}

my ($above, $name) = $site =~ m{^(.*)/([^/]+)/*$} or untried('the site is the whole disk');
my $shadow = "$above/.$name.try-$id";
for my $old (grep { -M $_ > 0.05 } glob_like($above, qr/^\.\Q$name\E\.try-[0-9a-f]{8}$/)) {
    File::Path::remove_tree($old, { safe => 1, error => \my $ignored });
}
my $started = $$;
sub away { File::Path::remove_tree($shadow, { error => \my $ignored }) if $$ == $started }
$SIG{$_} = sub { away(); exit 1 } for qw(HUP INT TERM);
$SIG{PIPE} = 'IGNORE';
$| = 1;
my $mask = umask 077;
mkdir $shadow or untried("$above cannot be written");
mirror();
print "begun 1\n";

my @left = @tries;
my $order;
while ($order = shift @left) {
    my ($path, $request, $program) = (@$order, '');
    print "trial\n";
    if (length $program && !found($program)) {
        print found($program . 3) ? "other 1\n" : "missing 1\n";
        next;
    }
    own("$shadow/$path") unless -x "$shadow/$path";
    my $child = fork();
    untried("cannot start a process: $!") unless defined $child;
    if (!$child) {
        $SIG{$_} = 'DEFAULT' for qw(HUP INT TERM);
        # What it writes through a link must be as readable as ever.
        umask $mask;
        @ARGV = ('server', "$shadow/$path", $patience, '/', $request);
        last;
    }
    waitpid $child, 0;
}
if ($$ == $started) { away(); exit 0 }

sub mirror {
    my %real = ('' => 1);
    for my $path (keys %new, keys %gone) {
        while ($path =~ m{/}) { $path =~ s{/[^/]*$}{}; $real{$path} = 1 }
    }
    for my $folder (sort keys %real) {
        my ($from, $to) = map { length $folder ? "$_/$folder" : $_ } $site, $shadow;
        mkdir $to;
        for my $entry (glob_like($from, qr/(?<!\.up~)$/)) {
            my ($base) = $entry =~ m{([^/]+)$};
            my $path = length $folder ? "$folder/$base" : $base;
            next if $base eq '__pycache__' || $gone{$path} || $real{$path} || exists $new{$path};
            stand_in($entry, "$to/$base");
        }
    }
    stand_in($new{$_}, "$shadow/$_") for keys %new;
}

sub stand_in {
    my ($from, $to) = @_;
    return if $to =~ /\.(?:f?cgi|p[lmy]|rb|ru)$/i && !-l $from && -f _ && link $from, $to;
    symlink $from, $to;
}

sub own {
    my ($file) = @_;
    File::Copy::copy($file, "$file~") && chmod(0700, "$file~") && rename "$file~", $file;
}

sub glob_like {
    my ($folder, $pattern) = @_;
    opendir my $handle, $folder or return;
    return map { "$folder/$_" } grep { $_ ne '.' && $_ ne '..' && /$pattern/ } readdir $handle;
}

sub found {
    my ($program) = @_;
    return $program =~ m{/} ? -x $program : scalar grep { -x "$_/$program" } split /:/, $search;
}

sub untried { away(); print "untried $_[0]\n"; exit 0 }
`;

/** The whole program, to be followed by its orders. */
export const STAGED_DRIVER = `${SHADOW}${TRIAL_DRIVER.replace(/^use (?:strict|warnings);$/gm, '')}\n__END__\n`;
