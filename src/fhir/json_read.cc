// JSON by simdjson: the only C++ of the project. Its first stage checks the encoding and finds
// where every bracket, comma, colon and value begins; the walk over these places builds the tree
// and checks the rest. (Its own second stages keep no numbers as they are written, or cost more.)
#include "json.h"

#include <cstring>
#include <memory>
#include <new>

#include <simdjson.h>

using namespace simdjson;

struct ag_json_parser {
    std::unique_ptr<internal::dom_parser_implementation> stage;
};

namespace {

enum { NODES = 64, LEAST_CAPACITY = 1 << 14 };

// Strings end with a NUL that takes the place of their closing quote, numbers with one that takes
// the place of what follows them, which is why the byte at the next place is read ahead.
struct builder {
    ag_arena *arena;
    ag_json_value *nodes;
    int node_count;
    const internal::dom_parser_implementation *stage;
    char *text;         // a copy, changed while it is read
    size_t shift;       // of offsets
    const uint32_t *at; // the place that is next
    const uint32_t *end;
    char ahead;      // the byte there; NUL at the end
    bool escaped;    // there are backslashes
    char *unescaped; // room for strings with them, once there is one
    size_t length;
};

ag_json_value *new_node(builder &b) {
    if (b.nodes == nullptr || b.node_count == NODES) {
        b.nodes =
            static_cast<ag_json_value *>(ag_arena_array(b.arena, NODES, sizeof(ag_json_value)));
        b.node_count = 0;
    }
    return b.nodes != nullptr ? &b.nodes[b.node_count++] : nullptr;
}

void advance(builder &b) {
    b.at++;
    b.ahead = b.at < b.end ? b.text[*b.at] : '\0';
}

bool skip(builder &b, char byte) {
    if (b.ahead != byte)
        return false;
    advance(b);
    return true;
}

bool is_blank(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

// What begins at the next place, without the blanks that may follow it.
std::string_view token(const builder &b) {
    size_t from = *b.at, end = b.at + 1 < b.end ? b.at[1] : b.length;
    while (is_blank(b.text[end - 1]))
        end--;
    return {b.text + from, end - from};
}

// Within strings there are neither quotes nor control characters: the first stage saw to it.
error_code read_string(builder &b, const char **out, uint32_t *length) {
    std::string_view quoted = token(b);
    if (quoted.size() < 2 || quoted.back() != '"')
        return TAPE_ERROR;
    char *text = b.text + *b.at + 1, *close = text + quoted.size() - 2;
    advance(b);
    *out = text;
    if (b.escaped && std::memchr(text, '\\', quoted.size() - 2) != nullptr) {
        if (b.unescaped == nullptr) // no string grows by being unescaped
            b.unescaped = static_cast<char *>(ag_arena_alloc(b.arena, b.length + SIMDJSON_PADDING));
        if (b.unescaped == nullptr)
            return MEMALLOC;
        *out = b.unescaped;
        close = reinterpret_cast<char *>(b.stage->parse_string(
            reinterpret_cast<uint8_t *>(text), reinterpret_cast<uint8_t *>(b.unescaped)));
        if (close == nullptr)
            return STRING_ERROR;
        b.unescaped = close + 1;
    }
    *close = '\0';
    *length = static_cast<uint32_t>(close - *out);
    return SUCCESS;
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

error_code read_scalar(builder &b, ag_json_value *node) {
    std::string_view text = token(b);
    advance(b);
    if (text == "null")
        node->type = AG_JSON_NULL;
    else if (text == "true")
        node->type = AG_JSON_TRUE;
    else if (text == "false")
        node->type = AG_JSON_FALSE;
    else if (is_number(text)) {
        node->type = AG_JSON_NUMBER;
        node->text = text.data();
        node->text_length = static_cast<uint32_t>(text.size());
        b.text[text.data() + text.size() - b.text] = '\0';
    } else
        return TAPE_ERROR;
    return SUCCESS;
}

error_code read_value(builder &b, ag_json_value *node, int depth);

error_code read_member(builder &b, ag_json_value *node, bool keyed, int depth) {
    if (keyed) {
        if (b.ahead != '"')
            return TAPE_ERROR;
        error_code failed = read_string(b, &node->key, &node->key_length);
        if (failed)
            return failed;
        if (!skip(b, ':'))
            return TAPE_ERROR;
    }
    return read_value(b, node, depth);
}

// The members of an array or object, from its bracket on.
error_code read_members(builder &b, ag_json_value *node, int depth) {
    bool keyed = b.ahead == '{';
    char close = keyed ? '}' : ']';
    ag_json_value **tail = &node->first;
    node->type = keyed ? AG_JSON_OBJECT : AG_JSON_ARRAY;
    if (depth >= AG_JSON_DEEPEST)
        return DEPTH_ERROR;
    advance(b);
    if (skip(b, close))
        return SUCCESS;
    do {
        ag_json_value *member = new_node(b);
        if (member == nullptr)
            return MEMALLOC;
        *tail = member;
        tail = &member->next;
        node->count++;
        error_code failed = read_member(b, member, keyed, depth + 1);
        if (failed)
            return failed;
    } while (skip(b, ','));
    return skip(b, close) ? SUCCESS : TAPE_ERROR;
}

error_code read_value(builder &b, ag_json_value *node, int depth) {
    if (b.at == b.end)
        return TAPE_ERROR;
    node->offset = *b.at + b.shift;
    if (b.ahead == '{' || b.ahead == '[')
        return read_members(b, node, depth);
    if (b.ahead == '"') {
        node->type = AG_JSON_STRING;
        return read_string(b, &node->text, &node->text_length);
    }
    return read_scalar(b, node);
}

// Scalars at the root are no record.
error_code read_root(builder &b, ag_json_value *root) {
    if (b.ahead != '{' && b.ahead != '[')
        return TAPE_ERROR;
    error_code failed = read_value(b, root, 0);
    return failed == SUCCESS && b.at < b.end ? TRAILING_CONTENT : failed;
}

error_code find_places(ag_json_parser *p, builder &b) {
    if (p->stage->capacity() < b.length) {
        error_code failed = p->stage->allocate(b.length, AG_JSON_DEEPEST);
        if (failed)
            return failed;
    }
    error_code failed =
        p->stage->stage1(reinterpret_cast<uint8_t *>(b.text), b.length, stage1_mode::regular);
    b.stage = p->stage.get();
    b.at = p->stage->structural_indexes.get();
    b.end = b.at + p->stage->n_structural_indexes;
    b.ahead = failed == SUCCESS ? b.text[*b.at] : '\0';
    return failed;
}

// Why it was refused: by the slower look, or, where that finds nothing, in simdjson's own words.
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
    std::unique_ptr<ag_json_parser> parser(new (std::nothrow) ag_json_parser);
    if (parser == nullptr || get_active_implementation()->create_dom_parser_implementation(
                                 LEAST_CAPACITY, AG_JSON_DEEPEST, parser->stage) != SUCCESS)
        return nullptr;
    return parser.release();
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
    b.shift = mark;
    b.length = length - mark;
    b.text = static_cast<char *>(ag_arena_alloc(arena, b.length + SIMDJSON_PADDING));
    ag_json_value *root = new_node(b);
    if (b.text == nullptr || root == nullptr)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    std::memcpy(b.text, text + mark, b.length);
    b.escaped = std::memchr(b.text, '\\', b.length) != nullptr;
    error_code failed = find_places(parser, b);
    if (!failed)
        failed = read_root(b, root);
    if (failed)
        return explain(failed, text, length, error);
    *out = root;
    return AG_OK;
}
