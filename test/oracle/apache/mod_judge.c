/*
 * Asks Apache for its verdict on the text of a .htaccess.
 *
 * POST the text to a URL that ends in /__judge. The directory to which the URL is mapped decides AllowOverride and
 * AllowOverrideList, as it would for a file in that directory. The answer is
 *
 *   {"errors": [{"line": 3, "phase": "walk", "message": "..."}], "log": [{"level": 4, "message": "..."}]}
 *
 * With `?table` it is the table of directives instead, every record of every loaded module:
 *
 *   {"directives": [{"name": "Redirect", "module": "mod_alias.c", "args": 12, "override": 12, "help": "..."}]}
 *
 * `errors` has at most one entry, what a visitor's 500 would be logged with; with `?all`, when the text could be read
 * to its end, one per top-level directive. `log` is what the directives wrote to the error log meanwhile.
 *
 * The reading is that of ap_parse_htaccess (server/config.c): the same two calls, ap_build_config and ap_walk_config,
 * on the same command parameters; one pool for both purposes, because that is how Apache recognises a .htaccess and
 * limits its lines to 8192 bytes. Only for a server with one request at a time (prefork): see `current`.
 */
#include "httpd.h"
#include "http_config.h"
#include "http_core.h"
#include "http_log.h"
#include "http_protocol.h"
#include "apr_strings.h"
#include "json_writer.h"

module AP_MODULE_DECLARE_DATA judge_module;

#define URL_END "/__judge"

typedef struct {
    const char *text;
    apr_size_t length;
    apr_size_t position;
} text_reader;

typedef struct {
    json_writer errors;
    json_writer log;
} verdict;

/* The verdict that is being formed, for the error_log hook, which is called without a request. */
static verdict *current = NULL;

/* ---- the text as a configuration file of Apache ---- */

static apr_status_t read_character(char *character, void *param)
{
    text_reader *reader = param;
    if (reader->position >= reader->length) return APR_EOF;
    *character = reader->text[reader->position++];
    return APR_SUCCESS;
}

/* Like apr_file_gets: up to size - 1 bytes, or to the end of the line. */
static apr_status_t read_line(void *buffer, apr_size_t size, void *param)
{
    text_reader *reader = param;
    apr_size_t left = reader->length - reader->position;
    apr_size_t length = left < size - 1 ? left : size - 1;
    const char *from = reader->text + reader->position;
    const char *line_end = memchr(from, '\n', length);

    if (line_end) length = (apr_size_t)(line_end - from) + 1;
    memcpy(buffer, from, length);
    ((char *)buffer)[length] = '\0';
    reader->position += length;
    return left == 0 ? APR_EOF : APR_SUCCESS;
}

static apr_status_t close_text(void *param)
{
    (void)param;
    return APR_SUCCESS;
}

/* ---- reading it as ap_parse_htaccess does ---- */

static cmd_parms htaccess_parameters(request_rec *r, apr_pool_t *pool, text_reader *reader)
{
    core_dir_config *core = ap_get_core_module_config(r->per_dir_config);
    char *directory = ap_make_dirstr_parent(pool, r->filename);
    char *name = ap_make_full_path(pool, directory, ".htaccess");
    cmd_parms parms;

    memset(&parms, 0, sizeof parms);
    parms.limited = -1;
    parms.override = core->override;
    parms.override_opts = core->override_opts;
    parms.override_list = core->override_list;
    parms.pool = pool;
    parms.temp_pool = pool;
    parms.server = r->server;
    parms.path = directory;
    parms.config_file = ap_pcfg_open_custom(pool, name, reader, read_character, read_line, close_text);
    return parms;
}

static void add_error(verdict *v, cmd_parms *parms, const char *phase, const char *message)
{
    json_writer *out = &v->errors;
    unsigned line = parms->err_directive ? (unsigned)parms->err_directive->line_num
                                         : parms->config_file->line_number;

    if (out->length > 0) json_raw(out, ",");
    json_raw(out, "{\"line\":");
    json_number(out, (long)line);
    json_name(out, "phase", 0);
    json_string(out, phase);
    json_name(out, "message", 0);
    json_string(out, message);
    json_raw(out, "}");
}

static void walk(verdict *v, cmd_parms *parms, ap_directive_t *tree, ap_conf_vector_t *config)
{
    const char *message = ap_walk_config(tree, parms, config);
    if (message) add_error(v, parms, "walk", message);
}

/* Each top-level directive alone, so that an error does not hide the next ones. */
static void walk_each(verdict *v, cmd_parms *parms, ap_directive_t *tree, ap_conf_vector_t *config)
{
    for (; tree; tree = tree->next) {
        ap_directive_t alone = *tree;
        alone.next = NULL;
        parms->err_directive = NULL;
        walk(v, parms, &alone, config);
    }
}

static void judge(verdict *v, request_rec *r, text_reader *reader, int all)
{
    apr_pool_t *pool;
    cmd_parms parms;
    ap_conf_vector_t *config;
    ap_directive_t *tree = NULL;
    const char *message;

    apr_pool_create(&pool, r->pool);
    current = v;
    parms = htaccess_parameters(r, pool, reader);
    config = ap_create_per_dir_config(pool);
    message = ap_build_config(&parms, pool, pool, &tree);
    if (message) {
        add_error(v, &parms, "build", message);
    } else {
        /* A section that was carried out while the lines were read has left its own line behind. The server's files are
           walked with fresh parameters, so that an error has the line of its directive, and so is this text. */
        parms.err_directive = NULL;
        if (all) walk_each(v, &parms, tree, config);
        else walk(v, &parms, tree, config);
    }
    current = NULL;
    apr_pool_destroy(pool);
}

/* ---- HTTP ---- */

/* The request's body, in `body`; false when the client broke off. */
static int read_body(request_rec *r, json_writer *body)
{
    long count = 0;

    if (ap_setup_client_block(r, REQUEST_CHUNKED_DECHUNK) != OK) return 0;
    if (!ap_should_client_block(r)) return 1;
    do {
        body->length += (size_t)count;
        json_reserve(body, HUGE_STRING_LEN);
        count = ap_get_client_block(r, body->data + body->length, HUGE_STRING_LEN);
    } while (count > 0);
    return count == 0;
}

static void answer(request_rec *r, verdict *v)
{
    static json_writer out;

    out.length = 0;
    json_reserve(&v->errors, 1);
    json_reserve(&v->log, 1);
    v->errors.data[v->errors.length] = '\0';
    v->log.data[v->log.length] = '\0';
    json_raw(&out, "{\"errors\":[");
    json_raw(&out, v->errors.data);
    json_raw(&out, "],\"log\":[");
    json_raw(&out, v->log.data);
    json_raw(&out, "]}");
    ap_set_content_type(r, "application/json");
    ap_set_content_length(r, (apr_off_t)out.length);
    ap_rwrite(out.data, (int)out.length, r);
}

/* Every command record, in the order of the modules (ap_show_directives). */
static int answer_table(request_rec *r)
{
    static json_writer out;
    module *loaded;
    const command_rec *record;

    out.length = 0;
    json_raw(&out, "{\"directives\":[");
    for (loaded = ap_top_module; loaded; loaded = loaded->next) {
        for (record = loaded->cmds; record && record->name; record++) {
            json_raw(&out, out.data[out.length - 1] == '[' ? "{" : ",{");
            json_name(&out, "name", 1);
            json_string(&out, record->name);
            json_name(&out, "module", 0);
            json_string(&out, loaded->name);
            json_name(&out, "args", 0);
            json_number(&out, record->args_how);
            json_name(&out, "override", 0);
            json_number(&out, record->req_override);
            json_name(&out, "help", 0);
            json_string(&out, record->errmsg);
            json_raw(&out, "}");
        }
    }
    json_raw(&out, "]}");
    ap_set_content_type(r, "application/json");
    ap_set_content_length(r, (apr_off_t)out.length);
    ap_rwrite(out.data, (int)out.length, r);
    return OK;
}

static int judge_handler(request_rec *r)
{
    static json_writer body;
    static verdict v;
    apr_size_t length = strlen(r->uri);
    text_reader reader = {NULL, 0, 0};

    if (length < sizeof URL_END - 1 || strcmp(r->uri + length - (sizeof URL_END - 1), URL_END)) return DECLINED;
    body.length = v.errors.length = v.log.length = 0;
    json_reserve(&body, 1);
    if (!read_body(r, &body)) return HTTP_BAD_REQUEST;
    if (r->args && strcmp(r->args, "table") == 0) return answer_table(r);
    reader.text = body.data;
    reader.length = body.length;
    judge(&v, r, &reader, r->args && strcmp(r->args, "all") == 0);
    answer(r, &v);
    return OK;
}

static void collect_log(const ap_errorlog_info *info, const char *message)
{
    json_writer *out;

    if (current == NULL) return;
    out = &current->log;
    if (out->length > 0) json_raw(out, ",");
    json_raw(out, "{\"level\":");
    json_number(out, info->level & APLOG_LEVELMASK);
    json_name(out, "message", 0);
    json_string(out, message);
    json_raw(out, "}");
}

static void register_hooks(apr_pool_t *pool)
{
    (void)pool;
    ap_hook_handler(judge_handler, NULL, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_error_log(collect_log, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(judge) = {STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks,
                            AP_MODULE_FLAG_NONE};
