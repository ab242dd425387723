/*
 * Each struct becomes one initialiser with named members, each array a compound literal within it.
 * Members that are zero are left out, as C fills them so.
 */
#include "emit_c.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"

typedef struct emitter {
    ag_buffer *out;
    const ag_knowledge *knowledge;
    int states;                     /* of the variable being written */
    ag_distribution *distributions; /* of all parameters written, as they come */
    size_t count, room;
} emitter;

static void emit_struct(emitter *e, const ag_shape *shape, const void *item);

static void emit_text(emitter *e, const char *text) {
    if (text == NULL) {
        ag_buffer_add(e->out, "NULL");
        return;
    }
    ag_buffer_add_char(e->out, '"');
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\' || *c == '?') /* "??" begins a trigraph */
            ag_buffer_format(e->out, "\\%c", *c);
        else if ((unsigned char)*c < ' ')
            ag_buffer_format(e->out, "\\%03o", (unsigned)*c);
        else
            ag_buffer_add_char(e->out, *c);
    }
    ag_buffer_add_char(e->out, '"');
}

static void emit_texts(emitter *e, const ag_texts *texts) {
    ag_buffer_add(e->out, "{(const char *const[]){");
    for (int i = 0; i < texts->count; i++) {
        emit_text(e, texts->items[i]);
        ag_buffer_add(e->out, ", ");
    }
    ag_buffer_format(e->out, "}, %d}", texts->count);
}

static void emit_indices(emitter *e, const ag_indices *indices) {
    ag_buffer_add(e->out, "{(const int[]){");
    for (int i = 0; i < indices->count; i++)
        ag_buffer_format(e->out, "%d, ", indices->items[i]);
    ag_buffer_format(e->out, "}, %d}", indices->count);
}

static int array_count(const emitter *e, const ag_field *field, const void *owner) {
    return ag_field_count(e->knowledge, field, owner, e->states);
}

static const char *array_items(const ag_field *field, const void *owner) {
    const char *items;
    memcpy(&items, (const char *)owner + field->offset, sizeof items);
    return items;
}

static void emit_array(emitter *e, const ag_field *field, const void *owner) {
    const char *items = array_items(field, owner);
    int count = array_count(e, field, owner);
    ag_buffer_format(e->out, "(const %s[]){", field->of->name);
    for (int i = 0; i < count; i++) {
        emit_struct(e, field->of, items + (size_t)i * field->of->size);
        ag_buffer_add(e->out, ",\n");
    }
    ag_buffer_add(e->out, "}");
    if (field->count_member != NULL)
        ag_buffer_format(e->out, ", .%s = %d", field->count_member, count);
}

static bool all_zero(const void *memory, size_t size) {
    const char *bytes = memory;
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static bool is_empty(const emitter *e, const ag_field *field, const void *owner) {
    const void *member = (const char *)owner + field->offset;
    switch (field->kind) {
    case AG_MEMBER_TEXT:
        return *(const char *const *)member == NULL;
    case AG_MEMBER_NUMBER:
        return *(const double *)member == 0;
    case AG_MEMBER_FLAG:
        return !*(const bool *)member;
    case AG_MEMBER_STREAM:
        return *(const uint64_t *)member == 0;
    case AG_MEMBER_TEXTS:
        return ((const ag_texts *)member)->count == 0;
    case AG_MEMBER_INDICES:
        return ((const ag_indices *)member)->count == 0;
    case AG_MEMBER_STRUCT:
        return all_zero(member, field->of->size);
    case AG_MEMBER_ARRAY:
        return array_count(e, field, owner) == 0;
    default:
        return all_zero(member, sizeof(int));
    }
}

static void emit_member(emitter *e, const ag_field *field, const void *owner) {
    const void *member = (const char *)owner + field->offset;
    int number;
    ag_buffer_format(e->out, ".%s = ", field->member);
    switch (field->kind) {
    case AG_MEMBER_TEXT:
        emit_text(e, *(const char *const *)member);
        break;
    case AG_MEMBER_NUMBER:
        ag_buffer_format(e->out, "%.17g", *(const double *)member);
        break;
    case AG_MEMBER_FLAG:
        ag_buffer_add(e->out, "true");
        break;
    case AG_MEMBER_BITS:
        ag_buffer_format(e->out, "UINT32_C(0x%" PRIx32 ")", *(const uint32_t *)member);
        break;
    case AG_MEMBER_STREAM:
        ag_buffer_format(e->out, "UINT64_C(0x%016" PRIx64 ")", *(const uint64_t *)member);
        break;
    case AG_MEMBER_TEXTS:
        emit_texts(e, member);
        break;
    case AG_MEMBER_INDICES:
        emit_indices(e, member);
        break;
    case AG_MEMBER_STRUCT:
        emit_struct(e, field->of, member);
        break;
    case AG_MEMBER_ARRAY:
        emit_array(e, field, owner);
        break;
    default: /* integers and enumerations */
        memcpy(&number, member, sizeof number);
        ag_buffer_format(e->out, "%d", number);
    }
}

static void note_distribution(emitter *e, const ag_parameter *parameter) {
    if (ag_parameter_is_certain(parameter))
        return;
    if (e->count == e->room) {
        e->room = e->room > 0 ? 2 * e->room : 1024;
        ag_distribution *more = ag_arena_array(e->out->arena, e->room, sizeof *more);
        if (more == NULL) {
            e->out->failed = true;
            e->room = e->count;
            return;
        }
        if (e->count > 0)
            memcpy(more, e->distributions, e->count * sizeof *more);
        e->distributions = more;
    }
    e->distributions[e->count++] = (ag_distribution){parameter->kind, parameter->a, parameter->b};
}

static void emit_struct(emitter *e, const ag_shape *shape, const void *item) {
    bool first = shape != &ag_knowledge_shape;
    if (shape == &ag_variable_shape)
        e->states = ((const ag_variable *)item)->states.count;
    if (shape == &ag_parameter_shape)
        note_distribution(e, item);
    ag_buffer_add(e->out, first ? "{" : "{.quantiles = &quantiles");
    for (const ag_field *f = shape->fields; f->key != NULL || f->member != NULL; f++) {
        if (f->kind == AG_MEMBER_PART) {
            for (const ag_field *p = f->of->fields; p->key != NULL || p->member != NULL; p++) {
                if (is_empty(e, p, item))
                    continue;
                ag_buffer_add(e->out, first ? "" : ", ");
                emit_member(e, p, item);
                first = false;
            }
        } else if (f->kind != AG_MEMBER_NONE && !is_empty(e, f, item)) {
            ag_buffer_add(e->out, first ? "" : ", ");
            emit_member(e, f, item);
            first = false;
        }
    }
    ag_buffer_add(e->out, first ? "0}" : "}");
}

/* Each distribution once, in the order in which it is looked up. */
static size_t sort_distributions(ag_distribution *all, size_t count) {
    size_t kept = 0;
    if (count > 0)
        qsort(all, count, sizeof *all, ag_distribution_compare);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || ag_distribution_compare(&all[i], &all[kept - 1]) != 0)
            all[kept++] = all[i];
    return kept;
}

/* What takes the program longest to work out when it starts. */
static void emit_quantiles(ag_buffer *out, const ag_distribution *all, size_t count) {
    double values[AG_DRAWS];
    ag_buffer_add(out, "static const ag_distribution distributions[] = {\n");
    for (size_t i = 0; i < count; i++)
        ag_buffer_format(out, "{%d, %.17g, %.17g},\n", (int)all[i].kind, all[i].a, all[i].b);
    ag_buffer_add(out, "{0}};\nstatic const double values[][AG_DRAWS] = {\n");
    for (size_t i = 0; i < count; i++) {
        ag_parameter parameter = {.kind = all[i].kind, .a = all[i].a, .b = all[i].b};
        ag_parameter_quantiles(&parameter, values);
        for (int q = 0; q < AG_DRAWS; q++)
            ag_buffer_format(out, "%s%.17g", q == 0 ? "{" : ",", values[q]);
        ag_buffer_add(out, "},\n");
    }
    ag_buffer_format(out,
                     "{0}};\nstatic const ag_quantiles quantiles = {distributions, values, "
                     "%zu};\n\n",
                     count);
}

static void emit_knowledge(ag_buffer *out, const ag_knowledge *knowledge) {
    ag_buffer text = ag_buffer_start(out->arena);
    emitter e = {.out = &text, .knowledge = knowledge};
    emit_struct(&e, &ag_knowledge_shape, knowledge);
    size_t count = sort_distributions(e.distributions, e.count);
    emit_quantiles(out, e.distributions, count);
    ag_buffer_add(out, "static const ag_knowledge builtin = ");
    ag_buffer_add_bytes(out, text.data, text.length);
    ag_buffer_add(out, ";\n\n");
    out->failed = out->failed || text.failed;
}

void ag_emit_c(ag_buffer *out, const ag_knowledge *knowledge) {
    ag_buffer_add(out, "/* Made from the cards of knowledge/ by compile-knowledge. */\n"
                       "#include \"knowledge.h\"\n\n");
    if (knowledge != NULL)
        emit_knowledge(out, knowledge);
    ag_buffer_format(out, "const ag_knowledge *ag_knowledge_builtin(void) {\n    return %s;\n}\n",
                     knowledge != NULL ? "&builtin" : "NULL");
}
