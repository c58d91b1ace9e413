/*
 * Stands for modules that are no part of Apache: registers a directive of each of two of them, which do nothing.
 */
#include "httpd.h"
#include "http_config.h"

static const char *take(cmd_parms *cmd, void *config, const char *arguments)
{
    (void)cmd, (void)config, (void)arguments;
    return NULL;
}

static const command_rec directives[] = {
    AP_INIT_RAW_ARGS("PassengerEnabled", take, NULL, OR_ALL, ""),
    AP_INIT_RAW_ARGS("php_value", take, NULL, OR_ALL, ""),
    {NULL}
};

module AP_MODULE_DECLARE_DATA foreign_module = {STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, directives, NULL,
                                               AP_MODULE_FLAG_NONE};
