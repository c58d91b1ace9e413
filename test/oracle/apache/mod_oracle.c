/*
 * Records what Apache did with a request.
 *
 * A request that carries `X-Oracle: ID` is recorded: one line of JSON goes to the Unix socket of OracleSocket when the
 * request is logged,
 *
 *   {"id": "7", "sender": 1, "builtIn": false, "requests": [...], "log": [[level, "module", "text"], ...]}
 *
 * `requests` is the chain of internal redirects; `sender` is the index of the one whose status and headers went to the
 * client, and `builtIn` tells that its body was Apache's own page. `log` is every message of the request, and with
 * `LogLevel rewrite:trace8` the whole rewrite trace.
 *
 * `X-Oracle-Site: N` and `X-Oracle-Root: /PATH` choose the site: the folder N of OracleFolder is renamed to `site`
 * there, and DocumentRoot becomes site/PATH. So all sites lie at the same place while they are served, and texts that
 * show paths do not depend on N. All three headers are taken away before any module can see them.
 *
 * Scripts are not run. mod_fcgid's and mod_cgi's own handlers are called and do all their checks; at the point where
 * they would start a program they are stopped, and the answer is 200 `ok`. Handlers of PHP (which Debian's Apache does
 * not have) and of mod_proxy are answered likewise.
 *
 * Only for prefork, and a client with one connection at a time: there is one request at a time, in whichever child.
 */
#include "httpd.h"
#include "http_config.h"
#include "http_core.h"
#include "http_log.h"
#include "http_protocol.h"
#include "http_request.h"
#include "util_script.h"
#include "mod_cgi.h"
#include "apr_optional.h"
#include "apr_strings.h"
#include "apr_tables.h"
#include "util_filter.h"
#include "json_writer.h"
#include <errno.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

module AP_MODULE_DECLARE_DATA oracle_module;

#define SITE_NAME_SIZE 64

/* What is remembered of one recorded request; kept with the first request of the chain. */
typedef struct {
    const char *id;
    /* The request of the chain whose headers were sent, and whether ap_send_error_response wrote its body. */
    request_rec *sender;
    request_rec *built_in;
    /* The headers as they were sent; filters of other requests of the chain may work on the same table too late. */
    apr_table_t *sent;
    /* The environment as it was before a script handler added the CGI variables. */
    request_rec *handled;
    apr_table_t *environment;
    /* Set when a script handler has passed all its checks. */
    int script_reached;
    /* JSON texts. */
    apr_array_header_t *messages;
} recording;

static const char *oracle_folder = NULL;
static const char *oracle_socket = NULL;
/* Shared by all children: one of them may crash, and the next must know what it left. */
static char *site_in_place = NULL;
static int connection = -1;

static ap_filter_rec_t *sender_filter;
static ap_filter_rec_t *stop_filter;

/* The request that the client sent, of which r is an internal redirect or a subrequest. */
static request_rec *first_request(const request_rec *r)
{
    while (r->main || r->prev) r = r->main ? r->main : r->prev;
    return (request_rec *)r;
}

static recording *recording_of(const request_rec *r)
{
    request_rec *first = first_request(r);
    return first->request_config ? ap_get_module_config(first->request_config, &oracle_module) : NULL;
}

/* ---- the site ---- */

static int move(const char *from, const char *to)
{
    char source[1024], target[1024];
    snprintf(source, sizeof source, "%s/%s", oracle_folder, from);
    snprintf(target, sizeof target, "%s/%s", oracle_folder, to);
    return rename(source, target) == 0;
}

/* Puts the folder of a site where DocumentRoot expects it. The site before goes back to its own name. */
static int place_site(const char *name)
{
    if (strcmp(site_in_place, name) == 0) return 1;
    if (*site_in_place) move("site", site_in_place);
    *site_in_place = '\0';
    if (!move(name, "site")) return 0;
    apr_cpystrn(site_in_place, name, SITE_NAME_SIZE);
    return 1;
}

static const char *take_header(request_rec *r, const char *name)
{
    const char *value = apr_table_get(r->headers_in, name);
    if (value) apr_table_unset(r->headers_in, name);
    return value;
}

static int begin_recording(request_rec *r)
{
    const char *id = take_header(r, "X-Oracle");
    const char *site = take_header(r, "X-Oracle-Site");
    const char *root = take_header(r, "X-Oracle-Root");
    core_server_config *core = ap_get_core_module_config(r->server->module_config);
    recording *record;

    if (id == NULL) return DECLINED;
    record = apr_pcalloc(r->pool, sizeof *record);
    record->id = id;
    record->messages = apr_array_make(r->pool, 16, sizeof(char *));
    ap_set_module_config(r->request_config, &oracle_module, record);
    if (site) {
        if (!place_site(site)) {
            ap_log_rerror(APLOG_MARK, APLOG_EMERG, 0, r, "the site %s is not in %s", site, oracle_folder);
            return HTTP_INTERNAL_SERVER_ERROR;
        }
        core->ap_document_root = apr_pstrcat(r->pool, oracle_folder, "/site", root, NULL);
    }
    return DECLINED;
}

/* ---- who answered ---- */

/* A response whose headers were bad twice: it goes out without headers and body. */
static int is_empty_error(request_rec *r)
{
    void *is_bad = NULL;

    apr_pool_userdata_get(&is_bad, "check_headers_recursion", r->pool);
    return is_bad && r->status == HTTP_INTERNAL_SERVER_ERROR && r->content_type == NULL;
}

/*
 * Runs just before the headers are sent: the first request whose headers pass is the one that the client sees. Where they
 * are bad, Apache answers by another before the pass returns. Others may come later, only to end the stream.
 */
static apr_status_t note_sender(ap_filter_t *filter, apr_bucket_brigade *brigade)
{
    request_rec *r = filter->r;
    ap_filter_t *next = filter->next;
    recording *record = recording_of(r);
    apr_status_t status;

    if (record && record->sent == NULL) record->sender = r;
    ap_remove_output_filter(filter);
    status = ap_pass_brigade(next, brigade);
    if (record && record->sent == NULL) {
        record->sent = apr_table_copy(r->pool, r->headers_out);
        if (is_empty_error(r)) record->built_in = r;
    }
    return status;
}

static void watch_sender(request_rec *r)
{
    if (r->main == NULL && recording_of(r)) ap_add_output_filter_handle(sender_filter, NULL, r, r->connection);
}

/* Apache calls this hook from ap_send_error_response alone. */
static void watch_built_in(request_rec *r)
{
    recording *record = recording_of(r);
    if (r->main == NULL && record) record->built_in = r;
    watch_sender(r);
}

/* ---- scripts ---- */

static int answer_ok(request_rec *r)
{
    /* Where the type chose the handler, it is part of the answer. */
    if (r->content_type == NULL || strncmp(r->content_type, r->handler, strlen(r->handler)) != 0)
        ap_set_content_type(r, "text/plain");
    /* How long a script's answer is, and so which parts of it there are, is not known. */
    ap_remove_output_filter_byhandle(r->output_filters, "BYTERANGE");
    ap_rputs("ok\n", r);
    return OK;
}

/* mod_fcgid reads the request's body after its checks and before it looks for a process. */
static apr_status_t stop_at_body(ap_filter_t *filter, apr_bucket_brigade *brigade, ap_input_mode_t mode,
                                 apr_read_type_e block, apr_off_t bytes)
{
    recording *record = recording_of(filter->r);
    (void)brigade, (void)mode, (void)block, (void)bytes;
    record->script_reached = 1;
    return APR_EGENERAL;
}

/* mod_cgi and mod_fcgid ask this optional function for the command line, after their checks. */
static apr_status_t ap_cgi_build_command(const char **command, const char ***arguments, request_rec *r,
                                         apr_pool_t *pool, cgi_exec_info_t *info)
{
    recording *record = recording_of(r);
    (void)info;
    *command = r->filename;
    *arguments = apr_pcalloc(pool, 2 * sizeof(char *));
    (*arguments)[0] = r->filename;
    if (record == NULL || strcmp(r->handler, "fcgid-script") == 0) return APR_SUCCESS;
    record->script_reached = 1;
    return APR_EGENERAL;
}

static ap_HOOK_handler_t *handler_of(const char *source)
{
    apr_array_header_t *hooks = ap_hook_get_handler();
    ap_LINK_handler_t *links = (ap_LINK_handler_t *)hooks->elts;
    int i;

    for (i = 0; i < hooks->nelts; i++) {
        if (strcmp(links[i].szName, source) == 0) return links[i].pFunc;
    }
    return NULL;
}

/* That filter of mod_fcgid swallows the error of a body that is too long: the program answers, and the connection ends. */
static void ignore_long_body(request_rec *r)
{
    const char *length = apr_table_get(r->headers_in, "Content-Length");
    apr_off_t limit = ap_get_limit_req_body(r);

    if (length == NULL || limit == 0 || strcmp(r->handler, "fcgid-script") != 0) return;
    if (apr_atoi64(length) > limit) r->connection->keepalive = AP_CONN_CLOSE;
}

/* Lets the module's own handler check the request; its refusal stands, else the script counts as run. */
static int run_until_start(request_rec *r, recording *record, const char *source)
{
    ap_HOOK_handler_t *handler = handler_of(source);
    ap_filter_t *own = ap_add_input_filter_handle(stop_filter, NULL, r, r->connection);
    int messages = record->messages->nelts;
    int status = handler ? handler(r) : DECLINED;

    ap_remove_input_filter(own);
    if (!record->script_reached) return status;
    /* The messages about our interruption are no part of the truth; nor is the module's filter, which waits for CGI headers. */
    record->messages->nelts = messages;
    ap_remove_output_filter_byhandle(r->output_filters, "FCGID_OUT");
    ignore_long_body(r);
    return answer_ok(r);
}

/* As mod_php and PHP's other modules: the script must be there, a folder is refused, path info is welcome. */
static int run_php(request_rec *r)
{
    if (r->finfo.filetype == APR_NOFILE) return HTTP_NOT_FOUND;
    if (r->finfo.filetype == APR_DIR) return HTTP_FORBIDDEN;
    if (r->used_path_info == AP_REQ_REJECT_PATH_INFO && r->path_info && *r->path_info) return HTTP_NOT_FOUND;
    ap_add_common_vars(r);
    ap_add_cgi_vars(r);
    return answer_ok(r);
}

static int is_cgi(const char *handler)
{
    return strcmp(handler, "cgi-script") == 0 || strcmp(handler, CGI_MAGIC_TYPE) == 0;
}

static int is_php(const char *handler)
{
    return strncmp(handler, "application/x-httpd-", 20) == 0 || strncmp(handler, "php", 3) == 0;
}

static int is_proxied(request_rec *r)
{
    if (handler_of("mod_proxy.c") == NULL) return 0;
    return strncmp(r->handler, "proxy:", 6) == 0 || (strcmp(r->handler, "proxy-server") == 0 && r->proxyreq);
}

static int script_handler(request_rec *r)
{
    recording *record = recording_of(r);

    if (record == NULL || r->main || r->handler == NULL) return DECLINED;
    record->handled = r;
    record->environment = apr_table_copy(r->pool, r->subprocess_env);
    if (strcmp(r->handler, "fcgid-script") == 0) return run_until_start(r, record, "mod_fcgid.c");
    if (is_cgi(r->handler)) return run_until_start(r, record, handler_of("mod_cgi.c") ? "mod_cgi.c" : "mod_cgid.c");
    if (is_php(r->handler)) return run_php(r);
    if (is_proxied(r)) return answer_ok(r);
    return DECLINED;
}

/* ---- the record ---- */

static void collect_message(const ap_errorlog_info *info, const char *message)
{
    static json_writer out;
    recording *record = info->r ? recording_of(info->r) : NULL;

    if (record == NULL) return;
    out.length = 0;
    json_raw(&out, "[");
    json_number(&out, info->level & APLOG_LEVELMASK);
    json_raw(&out, ",");
    json_string(&out, info->module_index < 0 ? "core" : ap_find_module_short_name(info->module_index));
    json_raw(&out, ",");
    json_string(&out, message);
    json_raw(&out, "]");
    *(char **)apr_array_push(record->messages) = apr_pstrmemdup(record->messages->pool, out.data, out.length);
}

static void member_string(json_writer *out, const char *name, const char *value)
{
    json_name(out, name, 0);
    json_string(out, value);
}

static void member_table(json_writer *out, const char *name, const apr_table_t *table)
{
    const apr_array_header_t *entries = apr_table_elts(table);
    const apr_table_entry_t *entry = (const apr_table_entry_t *)entries->elts;
    int i;

    json_name(out, name, 0);
    json_raw(out, "[");
    for (i = 0; i < entries->nelts; i++) {
        json_raw(out, i ? ",[" : "[");
        json_string(out, entry[i].key);
        json_raw(out, ",");
        json_string(out, entry[i].val);
        json_raw(out, "]");
    }
    json_raw(out, "]");
}

static const char *file_type(const request_rec *r)
{
    if (r->finfo.filetype == APR_DIR) return "directory";
    if (r->finfo.filetype == APR_REG) return "file";
    return r->finfo.filetype == APR_NOFILE ? "none" : "other";
}

/* The environment without the CGI variables; as it was before, only where somebody has added them (ap_add_common_vars). */
static const apr_table_t *environment_of(const request_rec *r, const recording *record)
{
    int is_added = record->handled == r && apr_table_get(r->subprocess_env, "SERVER_SIGNATURE") != NULL;
    return is_added ? record->environment : r->subprocess_env;
}

static void write_request(json_writer *out, request_rec *r, recording *record)
{
    json_raw(out, "{\"status\":");
    json_number(out, r->status);
    member_string(out, "uri", r->uri);
    member_string(out, "filename", r->filename);
    member_string(out, "pathInfo", r->path_info);
    member_string(out, "query", r->args);
    member_string(out, "handler", r->handler);
    member_string(out, "contentType", r->content_type);
    member_string(out, "method", r->method);
    member_string(out, "fileType", file_type(r));
    json_name(out, "proxied", 0);
    json_raw(out, r->proxyreq ? "true" : "false");
    member_table(out, "environment", environment_of(r, record));
    member_table(out, "notes", r->notes);
    member_table(out, "headersOut", r == record->sender && record->sent ? record->sent : r->headers_out);
    member_table(out, "errorHeadersOut", r->err_headers_out);
    json_raw(out, "}");
}

static void write_requests(json_writer *out, request_rec *first, recording *record)
{
    request_rec *r;
    int index = 0, sender = -1;

    json_name(out, "requests", 0);
    json_raw(out, "[");
    for (r = first; r; r = r->next, index++) {
        if (index > 0) json_raw(out, ",");
        if (r == record->sender) sender = index;
        write_request(out, r, record);
    }
    json_raw(out, "]");
    json_name(out, "sender", 0);
    json_number(out, sender < 0 ? index - 1 : sender);
    json_name(out, "builtIn", 0);
    json_raw(out, record->built_in && record->built_in == record->sender ? "true" : "false");
}

static void write_log(json_writer *out, recording *record)
{
    int i;

    json_name(out, "log", 0);
    json_raw(out, "[");
    for (i = 0; i < record->messages->nelts; i++) {
        if (i > 0) json_raw(out, ",");
        json_raw(out, ((char **)record->messages->elts)[i]);
    }
    json_raw(out, "]");
}

static int connect_to_client(void)
{
    struct sockaddr_un address;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    apr_cpystrn(address.sun_path, oracle_socket, sizeof address.sun_path);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

static void send_to_client(const char *data, size_t length)
{
    if (connection < 0) connection = connect_to_client();
    while (length > 0 && connection >= 0) {
        ssize_t written = send(connection, data, length, MSG_NOSIGNAL);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            close(connection);
            connection = -1;
            return;
        }
        data += written;
        length -= (size_t)written;
    }
}

static int send_record(request_rec *r)
{
    static json_writer out;
    recording *record = recording_of(r);

    if (record == NULL) return DECLINED;
    out.length = 0;
    json_raw(&out, "{\"id\":");
    json_string(&out, record->id);
    write_requests(&out, r, record);
    write_log(&out, record);
    json_raw(&out, "}\n");
    send_to_client(out.data, out.length);
    return DECLINED;
}

/* ---- set-up ---- */

static const char *set_path(cmd_parms *parms, void *config, const char *path)
{
    const char **place = parms->info;
    (void)config;
    *place = path;
    return NULL;
}

static const command_rec directives[] = {
    AP_INIT_TAKE1("OracleFolder", set_path, &oracle_folder, RSRC_CONF, "folder of the sites"),
    AP_INIT_TAKE1("OracleSocket", set_path, &oracle_socket, RSRC_CONF, "Unix socket that takes the records"),
    {NULL}};

static int share_place(apr_pool_t *config, apr_pool_t *log, apr_pool_t *temporary, server_rec *server)
{
    (void)config, (void)log, (void)temporary, (void)server;
    if (site_in_place) return OK;
    site_in_place = mmap(NULL, SITE_NAME_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return site_in_place == MAP_FAILED ? HTTP_INTERNAL_SERVER_ERROR : OK;
}

static void register_hooks(apr_pool_t *pool)
{
    static const char *const scripts[] = {"mod_proxy.c", "mod_fcgid.c", "mod_cgi.c", "mod_cgid.c", NULL};
    (void)pool;
    APR_REGISTER_OPTIONAL_FN(ap_cgi_build_command);
    sender_filter = ap_register_output_filter("ORACLE_SENDER", note_sender, NULL, AP_FTYPE_PROTOCOL - 1);
    stop_filter = ap_register_input_filter("ORACLE_STOP", stop_at_body, NULL, AP_FTYPE_RESOURCE);
    ap_hook_post_config(share_place, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_read_request(begin_recording, NULL, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_insert_filter(watch_sender, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_insert_error_filter(watch_built_in, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(script_handler, NULL, scripts, APR_HOOK_REALLY_FIRST);
    ap_hook_log_transaction(send_record, NULL, NULL, APR_HOOK_REALLY_LAST);
    ap_hook_error_log(collect_message, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(oracle) = {STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, directives, register_hooks,
                             AP_MODULE_FLAG_NONE};
