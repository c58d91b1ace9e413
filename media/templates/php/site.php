<?php
// The pages.
declare(strict_types=1);

// The URL path below which all pages are; empty at the top of a site.
function base(): string
{
    return rtrim(str_replace('\\', '/', dirname($_SERVER['SCRIPT_NAME'])), '/');
}

// The path of the page that was asked for, decoded, without the base.
function path(): string
{
    $path = rawurldecode(explode('?', $_SERVER['REQUEST_URI'], 2)[0]);
    return '/' . ltrim(substr($path, strlen(base())), '/');
}

function answer(): void
{
    $path = path();
    if ($path === '/' || $path === '/index.php') {
        start();
    } elseif (preg_match('~^/hello/(.+)$~s', $path, $found) === 1) {
        hello($found[1]);
    } elseif ($path === '/form') {
        form();
    } elseif ($path === '/old') {
        redirect(base() . '/form');
    } elseif ($path === '/error') {
        throw new RuntimeException('This page always fails, to show what you see then.');
    } else {
        http_response_code(404);
        page('Not found', '<p>There is no page <code>' . escape($path) . '</code>.</p>');
    }
}

function start(): void
{
    $base = escape(base());
    page('It works', <<<HTML
        <p>This page comes from <code>site.php</code>.</p>
        <ul>
        <li><a href="$base/hello/World">A name from the path</a></li>
        <li><a href="$base/form">A form</a></li>
        <li><a href="$base/old">An address that has moved</a></li>
        <li><a href="$base/error">A page that fails</a></li>
        </ul>
        HTML
    );
}

function hello(string $name): void
{
    page("Hello, $name!", '<p>Your name has ' . preg_match_all('/./us', $name) . ' letters.</p>');
}

// Shows a form, and what was sent with it: as ?text=... or in the body of a POST.
function form(): void
{
    $text = $_POST['text'] ?? $_GET['text'] ?? null;
    $sent = '';
    if (is_string($text)) {
        $sent = '<p>You sent: <q>' . escape($text) . '</q> (' . preg_match_all('/./us', $text) . " characters)</p>\n";
    }
    $base = escape(base());
    page('Form', <<<HTML
        $sent<form method="post" action="$base/form">
        <label>Text: <input name="text"></label> <button>Send</button>
        </form>
        HTML
    );
}

// A redirect to a path of this site or to another address.
function redirect(string $location): void
{
    header('Location: ' . $location, true, 302);
}

// A whole page; title is text, content is HTML.
function page(string $title, string $content): void
{
    $base = escape(base());
    $title = escape($title);
    header('Content-Type: text/html; charset=utf-8');
    echo <<<HTML
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

        HTML;
}

function escape(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
}
