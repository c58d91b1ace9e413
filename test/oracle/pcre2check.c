/* Asks the real libpcre2-8 what a pattern means, as Apache would: no JIT, no UTF unless the pattern says so, default limits.
 *
 * One question per line of standard input, fields separated by blanks, "-" for an empty byte string:
 *     OPTIONS FROM PATTERN SUBJECT...        (numbers in decimal, byte strings in hexadecimal)
 * One answer per line of standard output:
 *     E CODE OFFSET MESSAGE                  the pattern does not compile
 *     M GROUPS NAMES ANSWER...               NAMES is "-" or name=number,...
 * ANSWER is "n" (no match), "l" (match, depth or heap limit), "e" and an error number, or the vector "start,end,start,end...".
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int digit(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* Decodes a field in place; the result is terminated by a zero byte. */
static size_t decode(char *field) {
  size_t length = 0;
  if (field[0] == '-') {
    field[0] = 0;
    return 0;
  }
  for (char *from = field; from[0] && from[1]; from += 2) field[length++] = (char)(digit(from[0]) * 16 + digit(from[1]));
  field[length] = 0;
  return length;
}

static void print_error(int code, PCRE2_SIZE offset) {
  PCRE2_UCHAR text[256];
  pcre2_get_error_message(code, text, sizeof text);
  printf("E %d %zu %s\n", code, (size_t)offset, (char *)text);
}

static void print_names(const pcre2_code *code) {
  uint32_t count, size;
  PCRE2_SPTR table;
  pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
  pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
  pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
  if (count == 0) fputs(" -", stdout);
  for (uint32_t i = 0; i < count; i++, table += size)
    printf("%c%s=%d", i == 0 ? ' ' : ',', (const char *)table + 2, (table[0] << 8) | table[1]);
}

static void print_match(int rc, const PCRE2_SIZE *vector, uint32_t groups) {
  if (rc == PCRE2_ERROR_NOMATCH) fputs(" n", stdout);
  else if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT) fputs(" l", stdout);
  else if (rc < 0) printf(" e%d", rc);
  else
    for (uint32_t i = 0; i < 2 * (groups + 1); i++)
      printf("%c%ld", i == 0 ? ' ' : ',', vector[i] == PCRE2_UNSET ? -1L : (long)vector[i]);
}

static void answer(char *line) {
  uint32_t options = (uint32_t)strtoul(strtok(line, " "), NULL, 10);
  size_t from = strtoul(strtok(NULL, " "), NULL, 10);
  char *pattern = strtok(NULL, " "), *subject;
  size_t length = decode(pattern);
  int error;
  PCRE2_SIZE offset;
  pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, length, options, &error, &offset, NULL);
  if (code == NULL) {
    print_error(error, offset);
    return;
  }
  uint32_t groups;
  pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
  printf("M %u", groups);
  print_names(code);
  while ((subject = strtok(NULL, " ")) != NULL) {
    size_t size = decode(subject);
    /* New data each time: memory kept from a match before would raise the heap limit of the next. */
    pcre2_match_data *data = pcre2_match_data_create(groups + 1, NULL);
    int rc = pcre2_match(code, (PCRE2_SPTR)subject, size, from, 0, data, NULL);
    print_match(rc, pcre2_get_ovector_pointer(data), groups);
    pcre2_match_data_free(data);
  }
  putchar('\n');
  pcre2_code_free(code);
}

int main(void) {
  char *line = NULL;
  size_t size = 0;
  ssize_t got;
  static char buffer[1 << 16];
  setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  while ((got = getline(&line, &size, stdin)) > 0) {
    if (line[got - 1] == '\n') line[got - 1] = 0;
    if (line[0] == 0) fflush(stdout);
    else answer(line);
  }
  free(line);
  return 0;
}
