/* Rows to lines of CSV and back. Numbers are written so that they read back the same. */
#include "fact_row.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number_text.h"

static const char *const NAMES[] = {
#define COLUMN_NAME(constant, name) name,
    AG_ROW_COLUMN_LIST(COLUMN_NAME)
#undef COLUMN_NAME
};

static const char *const KINDS[] = {[AG_FHIR_CAUSE] = "cause",
                                    [AG_FHIR_FINDING] = "finding",
                                    [AG_FHIR_ABSTINENCE] = "abstinence",
                                    [AG_FHIR_PLANNED] = "planned",
                                    [AG_FHIR_UNUSED] = "unused"};

static const char *const SEXES[] = {
    [AG_FHIR_MALE] = "male",        [AG_FHIR_BORN_FEMALE] = "male, born female",
    [AG_FHIR_FEMALE] = "female",    [AG_FHIR_BORN_MALE] = "female, born male",
    [AG_FHIR_NO_SEX] = "not given", [AG_FHIR_OTHER_SEX] = "other"};

/* ---- lines ---- */

ag_fact_row ag_row_of(const char *row_class, const char *key) {
    ag_fact_row row;
    for (int i = 0; i < AG_ROW_COLUMNS; i++)
        row.column[i] = "";
    row.column[AG_ROW_CLASS] = row_class;
    row.column[AG_ROW_KEY] = key;
    return row;
}

static char *write_quoted(char *to, const char *text) {
    *to++ = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"')
            *to++ = '"';
        *to++ = (unsigned char)*text < ' ' ? ' ' : *text;
    }
    *to++ = '"';
    return to;
}

/* What is not 0 where a byte up to the comma is among eight: what is taken from such a byte sets
 * its highest bit, if it was not set. */
static uint64_t low_bytes(const char *text) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t bytes;
    memcpy(&bytes, text, sizeof bytes);
    return (bytes - ones * (',' + 1)) & ~bytes & ones * 0x80;
}

static bool has_low_byte(const char *text, size_t length) {
    uint64_t low = 0;
    if (length >= 8) {
        for (size_t i = 0; i + 8 < length; i += 8)
            low |= low_bytes(text + i);
        return (low | low_bytes(text + length - 8)) != 0;
    }
    for (size_t i = 0; i < length; i++)
        low |= (unsigned char)text[i] <= ',';
    return low != 0;
}

/* Quoted where it holds a comma, a quote or control characters, or has a blank at an end. Most
 * fields have no byte that is as low. */
static bool is_special(const char *text, size_t length) {
    if (!has_low_byte(text, length))
        return false;
    bool special = text[0] == ' ' || text[length - 1] == ' ';
    for (size_t i = 0; i < length; i++)
        special |= (unsigned char)text[i] < ' ' || text[i] == '"' || text[i] == ',';
    return special;
}

static char *write_field(char *to, const char *text, size_t length) {
    if (is_special(text, length))
        return write_quoted(to, text);
    memcpy(to, text, length);
    return to + length;
}

void ag_row_write(const ag_fact_row *row, ag_buffer *out) {
    size_t most = 0, lengths[AG_ROW_COLUMNS];
    for (int i = 0; i < AG_ROW_COLUMNS; i++) {
        lengths[i] = row->column[i][0] != '\0' ? strlen(row->column[i]) : 0;
        most += 2 * lengths[i] + sizeof ",\"\"" - 1;
    }
    char *start = ag_buffer_room(out, most), *to = start;
    if (start == NULL)
        return;
    for (int i = 0; i < AG_ROW_COLUMNS; i++) {
        if (i > 0)
            *to++ = ',';
        if (lengths[i] > 0)
            to = write_field(to, row->column[i], lengths[i]);
    }
    *to = '\0';
    out->length += (size_t)(to - start);
}

void ag_row_write_names(ag_buffer *out) {
    ag_fact_row names;
    for (int i = 0; i < AG_ROW_COLUMNS; i++)
        names.column[i] = NAMES[i];
    ag_row_write(&names, out);
}

/* Where the field ends and, unquoted, what it says; NULL where it is malformed. */
static char *read_field(char *at, char *end, const char **out) {
    if (at == end || *at == ',') {
        *out = at;
        return at;
    }
    if (*at != '"') {
        char *comma = memchr(at, ',', (size_t)(end - at));
        *out = at;
        return comma != NULL ? comma : end;
    }
    char *to = at;
    *out = at++;
    for (; at < end; at++) {
        if (*at == '"' && at + 1 < end && at[1] == '"')
            at++;
        else if (*at == '"')
            break;
        *to++ = *at;
    }
    if (at == end)
        return NULL;
    *to = '\0';
    return at + 1;
}

bool ag_row_read(char *line, size_t length, ag_fact_row *out) {
    char *at = line, *end = line + length;
    *end = '\0';
    for (int i = 0; i < AG_ROW_COLUMNS; i++) {
        char *behind = read_field(at, end, &out->column[i]);
        bool last = i + 1 == AG_ROW_COLUMNS;
        if (behind == NULL || (last ? behind != end : behind == end || *behind != ','))
            return false;
        *behind = '\0';
        at = behind + 1;
    }
    return true;
}

const char *ag_row_key(const char *line, size_t *length) {
    const char *key = line + strcspn(line, ",");
    key += *key == ',';
    const char *end = key;
    while (*end == '"') { /* each part of it, where quotation marks are doubled */
        end += 1 + strcspn(end + 1, "\"");
        end += *end == '"';
    }
    *length = (size_t)(end - key) + strcspn(end, ",");
    return key;
}

size_t ag_row_beginning(const char *line) {
    size_t length;
    const char *key = ag_row_key(line, &length);
    return (size_t)(key - line) + length + (key[length] == ',');
}

/* ---- numbers and dates ---- */

/* So many digits, and the place behind them. */
static char *write_digits(char *to, int number, int digits) {
    for (int d = digits; d > 0; d--, number /= 10)
        to[d - 1] = (char)('0' + number % 10);
    return to + digits;
}

static const char *write_day(int day, char out[AG_NUMBER_TEXT]) {
    int year, month, date;
    if (day == INT_MIN || day == INT_MAX)
        return "";
    ag_day_split(day, &year, &month, &date);
    char *to = write_digits(out, year, 4);
    *to++ = '-';
    to = write_digits(to, month, 2);
    *to++ = '-';
    *write_digits(to, date, 2) = '\0';
    return out;
}

static int read_day(const char *text, int none) {
    int parts[3] = {0, 0, 0};
    if (*text == '\0')
        return none;
    for (int i = 0; i < 3; i++) {
        for (; *text >= '0' && *text <= '9'; text++)
            parts[i] = 10 * parts[i] + (*text - '0');
        text += *text == '-';
    }
    return ag_day_of(parts[0], parts[1], parts[2]);
}

static const char *write_number(double number, char out[AG_NUMBER_TEXT]) {
    if (isinf(number))
        return number > 0 ? "Infinity" : "-Infinity";
    return ag_number_write(number + 0.0, out); /* -0 becomes 0 */
}

static double read_number(const char *text) {
    double number;
    if (strcmp(text, "Infinity") == 0)
        return INFINITY;
    if (strcmp(text, "-Infinity") == 0)
        return -INFINITY;
    return ag_text_number(text, &number) ? number : NAN;
}

typedef struct number_texts {
    char text[8][AG_NUMBER_TEXT];
    char digest[20];
    char ages[4 * AG_NUMBER_TEXT];
} number_texts;

static void set_days(ag_fact_row *row, ag_row_column first, ag_days days, char *a, char *b) {
    row->column[first] = write_day(days.first, a);
    row->column[first + 1] = days.last == days.first ? row->column[first] : write_day(days.last, b);
}

static void set_version(ag_fact_row *row, ag_row_version version, number_texts *t) {
    static const char hex[] = "0123456789abcdef";
    row->column[AG_ROW_UPDATED] = version.updated != NULL ? version.updated : "";
    for (int i = 0; i < 16; i++)
        t->digest[i] = hex[version.digest >> (60 - 4 * i) & 15];
    t->digest[16] = '\0';
    row->column[AG_ROW_DIGEST] = t->digest;
}

/* ---- facts ---- */

static const char *card_of(const ag_fhir_fact *fact, const ag_knowledge *knowledge) {
    if (fact->kind == AG_FHIR_CAUSE || fact->kind == AG_FHIR_PLANNED)
        return knowledge->causes[fact->index].id;
    if (fact->kind == AG_FHIR_FINDING)
        return knowledge->variables[knowledge->findings[fact->index].variable].id;
    return "";
}

/* "from low to high" of beginning and end, where they are told by his age. */
static const char *write_ages(const ag_fhir_fact *fact, number_texts *t) {
    char a[4][AG_NUMBER_TEXT];
    if (!fact->start.by_age && !fact->end.by_age)
        return "";
    snprintf(t->ages, sizeof t->ages, "%s;%s;%s;%s",
             fact->start.by_age ? write_number(fact->start.age_low, a[0]) : "",
             fact->start.by_age ? write_number(fact->start.age_high, a[1]) : "",
             fact->end.by_age ? write_number(fact->end.age_low, a[2]) : "",
             fact->end.by_age ? write_number(fact->end.age_high, a[3]) : "");
    return t->ages;
}

/* "dose=0.4;technique=~standard": a word has a tilde before it. */
static void write_attributes(const ag_fhir_fact *fact, char *out, size_t size) {
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < fact->attribute_count && used < size; i++) {
        const ag_recorded_attribute *a = &fact->attributes[i];
        char number[AG_NUMBER_TEXT];
        used += (size_t)snprintf(out + used, size - used, "%s%s=%s%s", i > 0 ? ";" : "", a->name,
                                 a->word != NULL ? "~" : "",
                                 a->word != NULL ? a->word : write_number(a->number, number));
    }
}

static void set_times(ag_fact_row *row, const ag_fhir_fact *fact, number_texts *t) {
    if (!fact->start.by_age)
        set_days(row, AG_ROW_START_FIRST, fact->start.days, t->text[0], t->text[1]);
    if (!fact->end.by_age)
        set_days(row, AG_ROW_END_FIRST, fact->end.days, t->text[2], t->text[3]);
    row->column[AG_ROW_AGES] = write_ages(fact, t);
}

static void set_value(ag_fact_row *row, const ag_fhir_fact *fact, number_texts *t) {
    if (fact->kind != AG_FHIR_FINDING && fact->kind != AG_FHIR_ABSTINENCE)
        return;
    row->column[AG_ROW_STATE] = write_number(fact->value.state, t->text[4]);
    row->column[AG_ROW_LOW] = write_number(fact->value.low, t->text[5]);
    row->column[AG_ROW_HIGH] = fact->value.high == fact->value.low
                                   ? row->column[AG_ROW_LOW]
                                   : write_number(fact->value.high, t->text[6]);
}

const char *ag_row_resource(const char *type, const char *id, char out[AG_ROW_RESOURCE_TEXT]) {
    if (id == NULL)
        return type;
    size_t type_length = strnlen(type, AG_ROW_RESOURCE_TEXT / 2);
    size_t id_length = strnlen(id, AG_ROW_RESOURCE_TEXT - type_length - 2);
    memcpy(out, type, type_length);
    out[type_length] = '/';
    memcpy(out + type_length + 1, id, id_length);
    out[type_length + 1 + id_length] = '\0';
    return out;
}

void ag_row_write_fact(const ag_fhir_fact *fact, const char *key, ag_row_version version,
                       const ag_knowledge *knowledge, ag_buffer *out) {
    number_texts texts;
    char resource[AG_ROW_RESOURCE_TEXT], attributes[400];
    ag_fact_row row = ag_row_of("p", key);
    row.column[AG_ROW_RESOURCE] = ag_row_resource(fact->type, fact->id, resource);
    set_version(&row, version, &texts);
    row.column[AG_ROW_KIND] = KINDS[fact->kind];
    row.column[AG_ROW_CARD] = card_of(fact, knowledge);
    if (fact->kind == AG_FHIR_CAUSE) {
        row.column[AG_ROW_PRESENT] = fact->present ? "1" : "0";
        /* 2: it has an end, and the record gives it */
        row.column[AG_ROW_ENDED] = !fact->ended ? "0" : fact->end.given ? "2" : "1";
    }
    set_times(&row, fact, &texts);
    set_value(&row, fact, &texts);
    if (fact->kind == AG_FHIR_FINDING && fact->symptom)
        row.column[AG_ROW_PRESENT] = "1"; /* a complaint, which the start dates */
    write_attributes(fact, attributes, sizeof attributes);
    row.column[AG_ROW_ATTRIBUTES] = attributes;
    row.column[AG_ROW_SPECIMEN] = fact->specimen != NULL ? fact->specimen : "";
    row.column[AG_ROW_TEXT] = fact->text != NULL ? fact->text : "";
    row.column[AG_ROW_NOTE] = fact->why != NULL ? fact->why : "";
    ag_row_write(&row, out);
}

static bool find_kind(const char *kind, ag_fhir_fact_kind *out) {
    for (int i = 0; i <= AG_FHIR_UNUSED; i++)
        if (strcmp(KINDS[i], kind) == 0) {
            *out = (ag_fhir_fact_kind)i;
            return true;
        }
    return false;
}

static int find_card(ag_fhir_fact_kind kind, const char *card, const ag_knowledge *knowledge) {
    if (kind == AG_FHIR_CAUSE || kind == AG_FHIR_PLANNED)
        return ag_knowledge_cause(knowledge, card);
    if (kind != AG_FHIR_FINDING)
        return 0;
    int variable = ag_knowledge_variable(knowledge, card);
    const ag_finding *finding = variable >= 0 ? ag_knowledge_finding_of(knowledge, variable) : NULL;
    return finding != NULL ? (int)(finding - knowledge->findings) : -1;
}

static void read_attributes(const char *text, ag_arena *arena, ag_fhir_fact *out) {
    char *copy = *text != '\0' ? ag_arena_copy(arena, text) : NULL;
    for (char *at = copy; at != NULL && *at != '\0' && out->attribute_count < 4;) {
        char *next = strchr(at, ';'), *value = strchr(at, '=');
        if (next != NULL)
            *next++ = '\0';
        if (value != NULL) {
            *value++ = '\0';
            bool word = *value == '~';
            out->attributes[out->attribute_count++] =
                (ag_recorded_attribute){.name = at,
                                        .number = word ? NAN : read_number(value),
                                        .word = word ? value + 1 : NULL};
        }
        at = next;
    }
}

static void read_ages(const char *text, ag_fhir_fact *out) {
    double ages[4] = {NAN, NAN, NAN, NAN};
    for (int i = 0; i < 4 && *text != '\0'; i++) {
        char part[AG_NUMBER_TEXT];
        size_t length = strcspn(text, ";");
        snprintf(part, sizeof part, "%.*s", (int)length, text);
        ages[i] = read_number(part);
        text += length + (text[length] == ';');
    }
    ag_fhir_time *times[] = {&out->start, &out->end};
    for (int i = 0; i < 2; i++)
        if (!isnan(ages[2 * i]))
            *times[i] = (ag_fhir_time){.given = true,
                                       .days = AG_DAYS_UNKNOWN,
                                       .by_age = true,
                                       .age_low = ages[2 * i],
                                       .age_high = ages[2 * i + 1]};
}

static ag_fhir_time read_time(const ag_fact_row *row, ag_row_column first) {
    ag_days days = {read_day(row->column[first], INT_MIN),
                    read_day(row->column[first + 1], INT_MAX)};
    return (ag_fhir_time){.given = !ag_days_unknown(days), .days = days};
}

ag_status ag_row_read_fact(const ag_fact_row *row, const ag_knowledge *knowledge, ag_arena *arena,
                           ag_fhir_fact *out, ag_error *error) {
    *out = (ag_fhir_fact){.text = row->column[AG_ROW_TEXT], .why = row->column[AG_ROW_NOTE]};
    bool known = find_kind(row->column[AG_ROW_KIND], &out->kind);
    out->index = known ? find_card(out->kind, row->column[AG_ROW_CARD], knowledge) : -1;
    if (out->index < 0)
        return ag_fail(error, AG_ERROR_SYNTAX,
                       "a row of kind \"%.20s\" names the card \"%.60s\", which is not known",
                       row->column[AG_ROW_KIND], row->column[AG_ROW_CARD]);
    const char *resource = row->column[AG_ROW_RESOURCE], *slash = strchr(resource, '/');
    out->type =
        slash == NULL ? resource : ag_arena_text(arena, resource, (size_t)(slash - resource));
    out->id = slash != NULL ? slash + 1 : NULL;
    out->start = read_time(row, AG_ROW_START_FIRST);
    out->end = read_time(row, AG_ROW_END_FIRST);
    read_ages(row->column[AG_ROW_AGES], out);
    out->present = strcmp(row->column[AG_ROW_PRESENT], "0") != 0;
    out->symptom = out->kind == AG_FHIR_FINDING && row->column[AG_ROW_PRESENT][0] == '1';
    out->ended = row->column[AG_ROW_ENDED][0] == '1' || row->column[AG_ROW_ENDED][0] == '2';
    out->end.given = row->column[AG_ROW_ENDED][0] == '2';
    if (row->column[AG_ROW_STATE][0] != '\0')
        out->value = (ag_finding_value){.state = (int)read_number(row->column[AG_ROW_STATE]),
                                        .low = read_number(row->column[AG_ROW_LOW]),
                                        .high = read_number(row->column[AG_ROW_HIGH])};
    out->specimen = row->column[AG_ROW_SPECIMEN][0] != '\0' ? row->column[AG_ROW_SPECIMEN] : NULL;
    read_attributes(row->column[AG_ROW_ATTRIBUTES], arena, out);
    return out->type != NULL ? AG_OK : ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}

/* ---- persons ---- */

void ag_row_write_person(const ag_fhir_person *person, const char *id, ag_row_version version,
                         ag_buffer *out) {
    number_texts texts;
    char resource[AG_ROW_RESOURCE_TEXT];
    ag_fact_row row = ag_row_of("p", id);
    row.column[AG_ROW_RESOURCE] = ag_row_resource("Patient", id, resource);
    set_version(&row, version, &texts);
    row.column[AG_ROW_KIND] = "person";
    row.column[AG_ROW_CARD] = SEXES[person->sex];
    row.column[AG_ROW_PRESENT] = person->dead ? "0" : "1";
    if (person->birth_read)
        set_days(&row, AG_ROW_START_FIRST, person->birth, texts.text[0], texts.text[1]);
    row.column[AG_ROW_NOTE] =
        person->birth_given && !person->birth_read ? "the birthDate is no date" : "";
    ag_row_write(&row, out);
}

ag_fhir_person ag_row_read_person(const ag_fact_row *row) {
    ag_fhir_person person = {.sex = AG_FHIR_OTHER_SEX};
    for (size_t i = 0; i < sizeof SEXES / sizeof SEXES[0]; i++)
        if (strcmp(SEXES[i], row->column[AG_ROW_CARD]) == 0)
            person.sex = (ag_fhir_sex)i;
    person.dead = strcmp(row->column[AG_ROW_PRESENT], "0") == 0;
    ag_fhir_time birth = read_time(row, AG_ROW_START_FIRST);
    person.birth = birth.days;
    person.birth_read = birth.given;
    person.birth_given = birth.given || row->column[AG_ROW_NOTE][0] != '\0';
    return person;
}
