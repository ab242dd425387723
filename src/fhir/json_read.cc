// JSON by simdjson: the only C++ of the project. Everything is visited, so everything is checked.
#include "json.h"

#include <cstring>
#include <memory>
#include <new>

#include <simdjson.h>

using namespace simdjson;

struct ag_json_parser {
    ondemand::parser parser;
    std::unique_ptr<char[]> padded;
    size_t capacity = 0;
};

namespace {

enum { NODES = 64 };

struct builder {
    ag_arena *arena;
    const char *base;
    char *strings; // room for every string and number of the text
    ag_json_value *nodes;
    int node_count;
    bool memory_failed;
    bool too_deep;
};

ag_json_value *new_node(builder &b) {
    if (b.nodes == nullptr || b.node_count == NODES) {
        b.nodes =
            static_cast<ag_json_value *>(ag_arena_array(b.arena, NODES, sizeof(ag_json_value)));
        b.node_count = 0;
        b.memory_failed = b.nodes == nullptr;
    }
    return b.memory_failed ? nullptr : &b.nodes[b.node_count++];
}

// A string never grows by being unescaped, and its quotes leave room for the NUL; a number is
// followed by at least one byte that is no part of it.
const char *keep(builder &b, std::string_view text) {
    char *copy = b.strings;
    if (!text.empty())
        std::memcpy(copy, text.data(), text.size());
    copy[text.size()] = '\0';
    b.strings += text.size() + 1;
    return copy;
}

std::string_view token(ondemand::value &value) {
    std::string_view text = value.raw_json_token();
    size_t end = text.find_last_not_of(" \t\r\n");
    return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

bool is_number(std::string_view text) {
    size_t i = !text.empty() && text[0] == '-';
    auto digits = [&] {
        size_t from = i;
        while (i < text.size() && text[i] >= '0' && text[i] <= '9')
            i++;
        return i - from;
    };
    size_t lead = i, whole = digits();
    if (whole == 0 || (whole > 1 && text[lead] == '0'))
        return false;
    if (i < text.size() && text[i] == '.') {
        i++;
        if (digits() == 0)
            return false;
    }
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        i++;
        i += i < text.size() && (text[i] == '+' || text[i] == '-');
        if (digits() == 0)
            return false;
    }
    return i == text.size();
}

error_code build(builder &b, ondemand::value value, ag_json_value *node, int depth);

error_code build_member(builder &b, ondemand::value value, const char *key, ag_json_value *parent,
                        ag_json_value **&tail, int depth) {
    ag_json_value *node = new_node(b);
    if (node == nullptr)
        return MEMALLOC;
    node->key = key;
    *tail = node;
    tail = &node->next;
    parent->count++;
    return build(b, value, node, depth + 1);
}

error_code build_array(builder &b, ondemand::value value, ag_json_value *node, int depth) {
    ondemand::array array;
    ag_json_value **tail = &node->first;
    node->type = AG_JSON_ARRAY;
    error_code failed = value.get_array().get(array);
    if (failed)
        return failed;
    for (auto item : array) {
        ondemand::value member;
        if ((failed = item.get(member)) != SUCCESS ||
            (failed = build_member(b, member, nullptr, node, tail, depth)) != SUCCESS)
            return failed;
    }
    return SUCCESS;
}

error_code build_object(builder &b, ondemand::value value, ag_json_value *node, int depth) {
    ondemand::object object;
    ag_json_value **tail = &node->first;
    node->type = AG_JSON_OBJECT;
    error_code failed = value.get_object().get(object);
    if (failed)
        return failed;
    for (auto item : object) {
        ondemand::field field;
        std::string_view key;
        if ((failed = std::move(item).get(field)) != SUCCESS ||
            (failed = field.unescaped_key().get(key)) != SUCCESS)
            return failed;
        failed = build_member(b, field.value(), keep(b, key), node, tail, depth);
        if (failed)
            return failed;
    }
    return SUCCESS;
}

error_code build_scalar(builder &b, ondemand::value value, ag_json_value *node) {
    std::string_view text = token(value);
    if (!text.empty() && text[0] == '"') {
        std::string_view unescaped;
        error_code failed = value.get_string().get(unescaped);
        if (failed)
            return failed;
        node->type = AG_JSON_STRING;
        node->text = keep(b, unescaped);
        return SUCCESS;
    }
    if (text == "null")
        node->type = AG_JSON_NULL;
    else if (text == "true" || text == "false")
        node->type = text == "true" ? AG_JSON_TRUE : AG_JSON_FALSE;
    else if (is_number(text)) {
        node->type = AG_JSON_NUMBER;
        node->text = keep(b, text);
    } else
        return TAPE_ERROR;
    return SUCCESS;
}

error_code build(builder &b, ondemand::value value, ag_json_value *node, int depth) {
    b.too_deep = b.too_deep || depth > AG_JSON_DEEPEST;
    if (b.too_deep)
        return DEPTH_ERROR;
    std::string_view text = value.raw_json_token();
    node->offset = static_cast<size_t>(text.data() - b.base);
    if (!text.empty() && text[0] == '[')
        return build_array(b, value, node, depth);
    if (!text.empty() && text[0] == '{')
        return build_object(b, value, node, depth);
    return build_scalar(b, value, node);
}

error_code parse(ag_json_parser *p, builder &b, size_t length, ag_json_value *root) {
    ondemand::document document;
    ondemand::value value;
    error_code failed =
        p->parser.iterate(padded_string_view(p->padded.get(), length, p->capacity)).get(document);
    if (failed || (failed = document.get_value().get(value)) != SUCCESS ||
        (failed = build(b, value, root, 0)) != SUCCESS)
        return failed;
    const char *behind; // there is none at the end
    return document.current_location().get(behind) ? SUCCESS : TRAILING_CONTENT;
}

bool copy_padded(ag_json_parser *p, const char *text, size_t length) {
    if (p->capacity < length + SIMDJSON_PADDING) {
        p->capacity = 0;
        p->padded.reset(new (std::nothrow) char[length + SIMDJSON_PADDING]);
        if (p->padded == nullptr)
            return false;
        p->capacity = length + SIMDJSON_PADDING;
    }
    std::memcpy(p->padded.get(), text, length);
    std::memset(p->padded.get() + length, ' ', SIMDJSON_PADDING);
    return true;
}

// Why simdjson refused: by the slower look, or, where that finds nothing, in its own words.
ag_status explain(error_code failed, const char *text, size_t length, ag_error *error) {
    if (failed == MEMALLOC || failed == CAPACITY)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_status status = ag_json_fault(text, length, error);
    if (status != AG_OK)
        return status;
    return ag_fail(error, AG_ERROR_SYNTAX, "the text is not well-formed JSON (%s)",
                   error_message(failed));
}

} // namespace

ag_json_parser *ag_json_parser_new(void) {
    return new (std::nothrow) ag_json_parser;
}

void ag_json_parser_free(ag_json_parser *parser) {
    delete parser;
}

ag_status ag_json_parse(ag_json_parser *parser, ag_arena *arena, const char *text, size_t length,
                        const ag_json_value **out, ag_error *error) {
    *out = nullptr;
    size_t mark = length >= 3 && std::memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (length == mark)
        return ag_fail_at(error, AG_ERROR_SYNTAX, 1, 1, "the text is empty");
    builder b = {};
    b.arena = arena;
    b.strings = static_cast<char *>(ag_arena_alloc(arena, length + 2));
    ag_json_value *root = new_node(b);
    if (b.strings == nullptr || root == nullptr || !copy_padded(parser, text + mark, length - mark))
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    b.base = parser->padded.get() - mark;
    // Scalars at the root are no record, and simdjson reads them by another path.
    size_t start =
        std::string_view(parser->padded.get(), length - mark).find_first_not_of(" \t\r\n");
    char first = start != std::string_view::npos ? parser->padded[start] : '\0';
    error_code failed =
        first == '{' || first == '[' ? parse(parser, b, length - mark, root) : TAPE_ERROR;
    if (b.memory_failed)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    if (failed)
        return explain(failed, text, length, error);
    *out = root;
    return AG_OK;
}
