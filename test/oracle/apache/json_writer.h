/*
 * A growing buffer of JSON text, shared by the two oracle modules. Strings are written as byte strings: every byte
 * outside printable ASCII becomes \u00XX, so that the reader gets exactly the bytes that Apache had.
 */
#ifndef ORACLE_JSON_WRITER_H
#define ORACLE_JSON_WRITER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *data;
    size_t length;
    size_t capacity;
} json_writer;

static inline void json_reserve(json_writer *out, size_t more)
{
    if (out->length + more <= out->capacity) return;
    out->capacity = (out->length + more) * 2;
    out->data = realloc(out->data, out->capacity);
    if (out->data == NULL) abort();
}

/* JSON syntax, copied as it is. */
static inline void json_raw(json_writer *out, const char *text)
{
    size_t length = strlen(text);
    json_reserve(out, length);
    memcpy(out->data + out->length, text, length);
    out->length += length;
}

static inline void json_number(json_writer *out, long number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%ld", number);
    json_raw(out, digits);
}

/* A quoted string, or null. */
static inline void json_string(json_writer *out, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    const unsigned char *at = (const unsigned char *)text;
    char *to;

    if (text == NULL) {
        json_raw(out, "null");
        return;
    }
    json_reserve(out, strlen(text) * 6 + 2);
    to = out->data + out->length;
    *to++ = '"';
    for (; *at; at++) {
        if (*at == '"' || *at == '\\') {
            *to++ = '\\';
            *to++ = (char)*at;
        }
        else if (*at < 32 || *at > 126) {
            memcpy(to, "\\u00", 4);
            to[4] = hex[*at >> 4];
            to[5] = hex[*at & 15];
            to += 6;
        }
        else {
            *to++ = (char)*at;
        }
    }
    *to++ = '"';
    out->length = (size_t)(to - out->data);
}

/* A member of an object: its name, and a colon; `first` says whether a comma must go before. */
static inline void json_name(json_writer *out, const char *name, int first)
{
    if (!first) json_raw(out, ",");
    json_string(out, name);
    json_raw(out, ":");
}

#endif
