<?php
// Every request comes here: .htaccess sees to that. It stays small: the pages are in site.php.
declare(strict_types=1);

error_reporting(E_ALL);
ini_set('display_errors', '0');
ini_set('log_errors', '1');

set_error_handler(function (int $severity, string $message, string $file, int $line): bool {
    if ((error_reporting() & $severity) === 0) {
        return false;
    }
    throw new ErrorException($message, 0, $severity, $file, $line);
});

// From a shell (php index.php '/hello/World?x=1') it prints one page.
if (!isset($_SERVER['REQUEST_METHOD'])) {
    $_SERVER['REQUEST_URI'] = $_SERVER['REQUEST_URI'] ?? $_SERVER['argv'][1] ?? '/';
    $_SERVER['SCRIPT_NAME'] = '/index.php';
    $_SERVER['REQUEST_METHOD'] = 'GET';
    parse_str((string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_QUERY), $_GET);
}

// What is printed before a failure is dropped with the page that failed.
ob_start();
try {
    require __DIR__ . '/site.php';
    answer();
} catch (Throwable $error) {
    ob_clean();
    error_log((string) $error);
    http_response_code(500);
    header('Content-Type: text/html; charset=utf-8');
    readfile(__DIR__ . '/error.html');
}
ob_end_flush();
