/**
 * A Perl program (core modules only) that starts a dispatcher on a server and asks it one request. Arguments: `shell` or
 * `server`, the dispatcher's path, seconds, the target for the shell, the FastCGI request as hexadecimal digits. It prints
 * lines of a word and a value: `answer`, `output`, `errors` (hexadecimal), `exit` or `signal` or `stopped`, `failed`.
 * The dispatcher gets what mod_fcgid gives it: a listening socket as standard input, its own folder, and only PATH; and what keeps Python
 * from leaving compiled files in the site.
 */
export const TRIAL_DRIVER = String.raw`
use strict;
use warnings;
use IO::Select;
use POSIX ();
use Socket;

my ($mode, $file, $limit, $target, $request) = @ARGV;
$| = 1;
$SIG{PIPE} = 'IGNORE';
my ($folder) = $file =~ m{^(.*)/} or fail('the path has no folder');
chdir(length $folder ? $folder : '/') or fail("cannot enter $folder: $!");

my ($listener, $address);
if ($mode eq 'server') {
    $address = ($ENV{TMPDIR} || '/tmp') . "/fcgi-$$-" . int(rand(1e9));
    socket($listener, PF_UNIX, SOCK_STREAM, 0) or fail("no socket: $!");
    my $mask = umask 077;
    bind($listener, sockaddr_un($address)) or fail("no socket: $!");
    umask $mask;
    listen($listener, 8) or fail("no socket: $!");
}
pipe(my $output, my $output_in) or fail("no pipe: $!");
pipe(my $errors, my $errors_in) or fail("no pipe: $!");

my $child = fork();
fail("cannot start a process: $!") unless defined $child;
if (!$child) {
    POSIX::setpgid(0, 0);
    open(my $nothing, '<', '/dev/null');
    POSIX::dup2(fileno($mode eq 'server' ? $listener : $nothing), 0);
    POSIX::dup2(fileno($output_in), 1);
    POSIX::dup2(fileno($errors_in), 2);
    %ENV = (PATH => '/usr/local/bin:/usr/bin:/bin') if $mode eq 'server';
    $ENV{PYTHONDONTWRITEBYTECODE} = 1;
    { no warnings 'exec'; exec { $file } ($file, $mode eq 'shell' ? $target : ()); }
    syswrite(STDERR, "exec: $!\n");
    POSIX::_exit(255);
}
POSIX::setpgid($child, $child);
close $output_in;
close $errors_in;

my %taken = (answer => '', output => '', errors => '');
my %name_of = ($output => 'output', $errors => 'errors');
my $select = IO::Select->new($output, $errors);
my $connection;
if ($mode eq 'server') {
    socket($connection, PF_UNIX, SOCK_STREAM, 0) or fail("no socket: $!");
    connect($connection, sockaddr_un($address)) or fail("cannot connect: $!");
    # Closed here, so that a dispatcher that dies takes the connection with it.
    close $listener;
    unlink $address;
    syswrite($connection, pack('H*', $request));
    $name_of{$connection} = 'answer';
    $select->add($connection);
}

my $end = time + $limit;
my $stopped = 0;
while ($select->count) {
    my $left = $end - time;
    if ($left <= 0) { $stopped = 1; last }
    for my $stream ($select->can_read($left)) {
        my $count = sysread($stream, my $part, 65536);
        if ($count) {
            my $name = $name_of{$stream};
            $taken{$name} .= $part if length $taken{$name} < 262144;
        }
        else { $select->remove($stream) }
    }
    last if $mode eq 'server' && !grep { $_ == $connection } $select->handles;
}

my $status = await(0.5);
my $is_over = defined $status;
if (!$is_over) {
    kill 'TERM', -$child;
    $status = await(2);
    if (!defined $status) { kill 'KILL', -$child; $status = await(5) }
}
kill 'KILL', -$child;
for my $stream (grep { $name_of{$_} ne 'answer' } $select->handles) {
    while (IO::Select->new($stream)->can_read(0.1)) {
        my $count = sysread($stream, my $part, 65536) or last;
        $taken{$name_of{$stream}} .= $part if length $taken{$name_of{$stream}} < 262144;
    }
}
print "$_ ", unpack('H*', $taken{$_}), "\n" for sort keys %taken;
if ($stopped) { print "stopped $limit\n" }
elsif (!$is_over) { print "running 1\n" }
elsif ($status & 127) { print 'signal ', $status & 127, "\n" }
else { print 'exit ', $status >> 8, "\n" }

sub await {
    my ($patience) = @_;
    for (my $waited = 0; $waited <= $patience; $waited += 0.05) {
        return $? if waitpid($child, POSIX::WNOHANG()) == $child;
        select(undef, undef, undef, 0.05);
    }
    return undef;
}

sub fail {
    unlink $address if defined $address;
    print "failed $_[0]\n";
    exit 0;
}
`;
