package Site;

# The pages. answer() gets the variables of a request and its body (bytes), and gives status, headers and content (bytes).
use strict;
use warnings;
use Encode qw(decode encode);

# A longer form is refused. Many hosts refuse more than 128 KB themselves.
my $LONGEST_FORM = 100_000;

sub answer {
    my ($environment, $body) = @_;
    my $path = decode('UTF-8', $environment->{PATH_INFO} // '');
    my $base = base($environment);
    return start($base) if $path eq '' || $path eq '/';
    return hello($base, $1) if $path =~ m{^/hello/(.+)$};
    return form($base, $environment, $body) if $path eq '/form';
    return redirect("$base/form") if $path eq '/old';
    die "This page always fails, to show what you see then.\n" if $path eq '/error';
    return page($base, 404, 'Not found', '<p>There is no page <code>' . escape($path) . '</code>.</p>');
}

sub start {
    my ($base) = @_;
    return page($base, 200, 'It works', <<"EOT");
<p>This page comes from <code>Site.pm</code>.</p>
<ul>
<li><a href="$base/hello/World">A name from the path</a></li>
<li><a href="$base/form">A form</a></li>
<li><a href="$base/old">An address that has moved</a></li>
<li><a href="$base/error">A page that fails</a></li>
</ul>
EOT
}

sub hello {
    my ($base, $name) = @_;
    return page($base, 200, "Hello, $name!", '<p>Your name has ' . length($name) . ' letters.</p>');
}

# Shows a form, and what was sent with it: as ?text=... or in the body of a POST.
sub form {
    my ($base, $environment, $body) = @_;
    my $is_post = $environment->{REQUEST_METHOD} eq 'POST';
    return page($base, 413, 'Too long', '<p>Please send less.</p>') if length($body) > $LONGEST_FORM;
    my %fields = fields($is_post ? $body : $environment->{QUERY_STRING});
    my $sent = '';
    if (defined $fields{text}) {
        $sent = '<p>You sent: <q>' . escape($fields{text}) . '</q> (' . length($fields{text}) . " characters)</p>\n";
    }
    return page($base, 200, 'Form', $sent . <<"EOT");
<form method="post" action="$base/form">
<label>Text: <input name="text"></label> <button>Send</button>
</form>
EOT
}

# A redirect to a path of this site or to another address.
sub redirect {
    my ($location) = @_;
    return ['302 Found', ['Location' => $location], ''];
}

# A whole page; title is text, content is HTML.
sub page {
    my ($base, $status, $title, $content) = @_;
    $title = escape($title);
    my $html = <<"EOT";
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>$title</title>
<link rel="stylesheet" href="$base/static/site.css">
</head>
<body>
<nav><a href="$base/">Start</a> <a href="$base/hello/World">Hello</a> <a href="$base/form">Form</a></nav>
<main>
<h1>$title</h1>
$content
</main>
</body>
</html>
EOT
    return [$status, ['Content-Type' => 'text/html; charset=utf-8'], encode('UTF-8', $html)];
}

# The fields of a query or of a form, decoded: name => last value.
sub fields {
    my ($text) = @_;
    my %fields;
    for my $pair (split /[&;]/, $text // '') {
        my ($name, $value) = map { unescape($_) } split /=/, $pair, 2;
        $fields{$name} = $value // '' if defined $name;
    }
    return %fields;
}

sub unescape {
    my ($text) = @_;
    $text =~ tr/+/ /;
    $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
    return decode('UTF-8', $text);
}

# The URL path below which all pages are: the folder of dispatch.fcgi, which the rewrite rule hides.
sub base {
    my ($environment) = @_;
    my ($folder) = ($environment->{SCRIPT_NAME} // '') =~ m{^(.*)/};
    return escape($folder // '');
}

sub escape {
    my ($text) = @_;
    my %names = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;', "'" => '&#39;');
    $text =~ s/([&<>"'])/$names{$1}/g;
    return $text;
}

1;
