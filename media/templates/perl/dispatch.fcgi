#!/usr/bin/env perl
# What the web server starts. It stays small: the pages are in Site.pm, where they can be tested.
# It needs the module FCGI (Debian: libfcgi-perl), which hosts that offer FastCGI have.
use strict;
use warnings;
use FindBin;
use lib $FindBin::RealBin;
use FCGI;
use POSIX ();
use Time::HiRes ();

my $program = "$FindBin::RealBin/$FindBin::RealScript";
my $version = version();
my %environment;
my $request = FCGI::Request(\*STDIN, \*STDOUT, \*STDERR, \%environment);

while ($request->Accept() >= 0) {
    serve();
    # When this file was touched or replaced, the web server starts the new one. The socket is given up first: a connection
    # that is refused makes the web server take another process.
    my $is_old = version() ne $version;
    POSIX::close(0) if $is_old;
    $request->Finish();
    last if $is_old;
}

# One request. A page that dies, or a Site.pm that cannot be loaded, is an error page and a line in the error log.
sub serve {
    %environment = shell_environment() unless $environment{REQUEST_METHOD};
    my $answer = eval { require Site; Site::answer(\%environment, body()) };
    if (!$answer) {
        print STDERR $@;
        $answer = [500, ['Content-Type' => 'text/html; charset=utf-8'], error_page()];
    }
    my ($status, $headers, $content) = @$answer;
    print "Status: $status\r\n";
    for (my $at = 0; $at < @$headers; $at += 2) {
        print "$headers->[$at]: $headers->[$at + 1]\r\n";
    }
    print "\r\n", $content;
}

# The body of the request, as bytes.
sub body {
    my $length = $environment{CONTENT_LENGTH} || 0;
    my $body = '';
    read(STDIN, $body, $length) if $length > 0;
    return $body;
}

# From a shell: one page, "/" or the one that is named (dispatch.fcgi '/hello/World?x=1').
sub shell_environment {
    my ($path, $query) = split /\?/, $ARGV[0] // '/', 2;
    return (
        %ENV,
        REQUEST_METHOD => 'GET',
        SCRIPT_NAME => '/dispatch.fcgi',
        PATH_INFO => $path,
        QUERY_STRING => $query // '',
        SERVER_NAME => 'localhost',
    );
}

sub error_page {
    open my $file, '<:raw', "$FindBin::RealBin/error.html" or return "<h1>Error</h1>\n";
    local $/;
    return <$file>;
}

# Changes when the file is replaced, written or touched.
sub version {
    return join ':', (Time::HiRes::stat($program))[1, 7, 9];
}
