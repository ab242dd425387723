// JSON by simdjson. Its first stage checks the encoding and finds
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

// Where something begins in the text, in the list that the first stage made; it ends with the
// length.
using place = const uint32_t *;

struct builder {
    ag_arena *arena;
    ag_json_value *nodes;
    int node_count;
    const internal::dom_parser_implementation *stage;
    char *text; // a copy with a NUL behind it, in which strings end with a NUL for a closing quote
    size_t length;
    uint32_t shift;    // of offsets
    const char *slash; // the next backslash in what is not read yet; or the end
    char *unescaped;   // room for strings with them, once there is one
    error_code failed;
};

// The readers give the place behind what they read, or nothing where they failed.
place fail(builder &b, error_code why) {
    b.failed = why;
    return nullptr;
}

ag_json_value *new_node(builder &b) {
    if (b.nodes == nullptr || b.node_count == NODES) {
        b.nodes =
            static_cast<ag_json_value *>(ag_arena_array(b.arena, NODES, sizeof(ag_json_value)));
        b.node_count = 0;
    }
    return b.nodes != nullptr ? &b.nodes[b.node_count++] : nullptr;
}

bool is_blank(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

// What begins at a place, without the blanks that may follow it.
std::string_view token(const char *text, place at) {
    size_t end = at[1];
    while (is_blank(text[end - 1]))
        end--;
    return {text + *at, end - *at};
}

error_code unescape(builder &b, char *text, const char **out, uint32_t *length) {
    if (b.unescaped == nullptr) // no string grows by being unescaped
        b.unescaped = static_cast<char *>(ag_arena_alloc(b.arena, b.length + SIMDJSON_PADDING));
    if (b.unescaped == nullptr)
        return MEMALLOC;
    uint8_t *end = b.stage->parse_string(reinterpret_cast<uint8_t *>(text),
                                         reinterpret_cast<uint8_t *>(b.unescaped));
    if (end == nullptr)
        return STRING_ERROR;
    *end = '\0';
    *out = b.unescaped;
    *length = static_cast<uint32_t>(reinterpret_cast<char *>(end) - b.unescaped);
    b.unescaped = reinterpret_cast<char *>(end) + 1;
    return SUCCESS;
}

const char *find_slash(const char *from, const char *end) {
    const void *slash = std::memchr(from, '\\', end - from);
    return slash != nullptr ? static_cast<const char *>(slash) : end;
}

// Within strings there are neither quotes nor control characters: the first stage saw to it.
place end_string(place at, char *text, char *end, const char **out, uint32_t *length) {
    *end = '\0';
    *out = text;
    *length = static_cast<uint32_t>(end - text);
    return at + 1;
}

// One with backslashes, or with blanks behind it, or one that does not end.
place read_other_string(builder &b, place at, const char **out, uint32_t *length) {
    std::string_view quoted = token(b.text, at);
    if (quoted.size() < 2 || quoted.back() != '"')
        return fail(b, TAPE_ERROR);
    char *text = b.text + *at + 1, *end = text + quoted.size() - 2;
    if (b.slash >= end)
        return end_string(at, text, end, out, length);
    b.slash = find_slash(end, b.text + b.length);
    error_code failed = unescape(b, text, out, length);
    return failed ? fail(b, failed) : at + 1;
}

inline place read_string(builder &b, place at, const char **out, uint32_t *length) {
    char *text = b.text + *at + 1, *end = b.text + at[1] - 1;
    if (end < text || *end != '"' || b.slash < end)
        return read_other_string(b, at, out, length);
    return end_string(at, text, end, out, length);
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

place read_scalar(builder &b, place at, ag_json_value *node) {
    std::string_view text = token(b.text, at);
    if (text == "null") {
        node->type = AG_JSON_NULL;
    } else if (text == "true") {
        node->type = AG_JSON_TRUE;
    } else if (text == "false") {
        node->type = AG_JSON_FALSE;
    } else if (is_number(text)) {
        node->type = AG_JSON_NUMBER;
        node->text = ag_arena_text(b.arena, text.data(), text.size());
        node->text_length = static_cast<uint32_t>(text.size());
        if (node->text == nullptr)
            return fail(b, MEMALLOC);
    } else {
        return fail(b, TAPE_ERROR);
    }
    return at + 1;
}

place read_members(builder &b, place at, ag_json_value *node, int depth);

inline place read_value(builder &b, place at, ag_json_value *node, int depth) {
    char first = b.text[*at];
    node->offset = *at + b.shift;
    if (first == '"') {
        node->type = AG_JSON_STRING;
        return read_string(b, at, &node->text, &node->text_length);
    }
    if (first == '{' || first == '[')
        return read_members(b, at, node, depth);
    return read_scalar(b, at, node);
}

inline place read_key(builder &b, place at, ag_json_value *node) {
    if (b.text[*at] != '"')
        return fail(b, TAPE_ERROR);
    at = read_string(b, at, &node->key, &node->key_length);
    if (at == nullptr)
        return nullptr;
    return b.text[*at] == ':' ? at + 1 : fail(b, TAPE_ERROR);
}

// The members of an array or object, from its bracket on.
place read_members(builder &b, place at, ag_json_value *node, int depth) {
    bool keyed = b.text[*at] == '{';
    char close = keyed ? '}' : ']';
    ag_json_value **tail = &node->first;
    node->type = keyed ? AG_JSON_OBJECT : AG_JSON_ARRAY;
    if (depth >= AG_JSON_DEEPEST)
        return fail(b, DEPTH_ERROR);
    if (b.text[at[1]] == close)
        return at + 2;
    do {
        ag_json_value *member = new_node(b);
        if (member == nullptr)
            return fail(b, MEMALLOC);
        *tail = member;
        tail = &member->next;
        at = keyed ? read_key(b, at + 1, member) : at + 1;
        if (at != nullptr)
            at = read_value(b, at, member, depth + 1);
    } while (at != nullptr && b.text[*at] == ',');
    if (at == nullptr)
        return nullptr;
    return b.text[*at] == close ? at + 1 : fail(b, TAPE_ERROR);
}

// Scalars at the root are no record.
error_code read_root(builder &b, place at, place end, ag_json_value *root) {
    if (b.text[*at] != '{' && b.text[*at] != '[')
        return TAPE_ERROR;
    at = read_value(b, at, root, 0);
    return at == nullptr ? b.failed : at < end ? TRAILING_CONTENT : SUCCESS;
}

// By the first stage; `end` is where the list ends.
error_code find_places(ag_json_parser *p, const char *text, size_t length, place *begin,
                       place *end) {
    if (p->stage->capacity() < length) {
        error_code failed = p->stage->allocate(length, AG_JSON_DEEPEST);
        if (failed)
            return failed;
    }
    error_code failed =
        p->stage->stage1(reinterpret_cast<const uint8_t *>(text), length, stage1_mode::regular);
    if (failed)
        return failed;
    uint32_t *list = p->stage->structural_indexes.get(), count = p->stage->n_structural_indexes;
    list[count] = static_cast<uint32_t>(length); // simdjson keeps room for it
    *begin = list;
    *end = list + count;
    return SUCCESS;
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

// ---- texts near the top, without a tree ----

struct wanted_text {
    std::string_view outer, key;
    const char *text;
    bool met; // there is such a member: of doubled keys the first counts
};

struct finder {
    const char *text;
    place end;
    ag_arena *arena;
    wanted_text wanted[AG_JSON_WANTED];
    int count, missing;
};

// Behind a value, whatever it is.
place skip_value(const finder &f, place at) {
    int open = 0;
    do {
        char c = f.text[*at++];
        open += (c == '{') + (c == '[') - (c == '}') - (c == ']');
    } while (open > 0 && at < f.end);
    return at;
}

void take_text(finder &f, place at, wanted_text &w) {
    std::string_view quoted = token(f.text, at);
    w.met = true;
    if (quoted.size() < 2 || quoted.back() != '"' || quoted.find('\\') != quoted.npos)
        return;
    w.text = ag_arena_text(f.arena, quoted.data() + 1, quoted.size() - 2);
    f.missing -= w.text != nullptr;
}

place find_in_object(finder &f, place at, std::string_view outer);

// What is wanted of a member, which is itself or, at the top, within it.
place find_in_member(finder &f, place at, std::string_view outer, std::string_view key) {
    bool within = false;
    for (int i = 0; i < f.count; i++) {
        wanted_text &w = f.wanted[i];
        if (!w.met && w.key == key && w.outer == outer)
            take_text(f, at, w);
        within |= !w.met && outer.empty() && w.outer == key;
    }
    if (!within)
        return skip_value(f, at);
    at = find_in_object(f, at, key);
    for (int i = 0; i < f.count; i++)
        f.wanted[i].met |= f.wanted[i].outer == key;
    return at;
}

// The place behind the object, or where all was found; nothing where it is none or malformed.
place find_in_object(finder &f, place at, std::string_view outer) {
    if (f.text[*at] != '{')
        return nullptr;
    do {
        at++;
        if (f.end - at < 3 || f.text[*at] != '"' || f.text[at[1]] != ':')
            return nullptr;
        std::string_view key = token(f.text, at);
        at = find_in_member(f, at + 2, outer, key.substr(1, key.size() - 2));
    } while (at != nullptr && f.missing > 0 && at < f.end && f.text[*at] == ',');
    return at != nullptr && f.missing > 0 ? at + 1 : at;
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
    if (length > UINT32_MAX) // offsets are of 32 bits, in simdjson as in the tree
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    if (length == mark)
        return ag_fail_at(error, AG_ERROR_SYNTAX, 1, 1, "the text is empty");
    builder b = {};
    b.arena = arena;
    b.shift = static_cast<uint32_t>(mark);
    b.length = length - mark;
    b.text = static_cast<char *>(ag_arena_alloc(arena, b.length + SIMDJSON_PADDING));
    ag_json_value *root = new_node(b);
    if (b.text == nullptr || root == nullptr)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    std::memcpy(b.text, text + mark, b.length);
    b.slash = find_slash(b.text, b.text + b.length);
    b.stage = parser->stage.get();
    place begin, end;
    error_code failed = find_places(parser, b.text, b.length, &begin, &end);
    if (!failed)
        failed = read_root(b, begin, end, root);
    if (failed)
        return explain(failed, text, length, error);
    *out = root;
    return AG_OK;
}

bool ag_json_find_texts(ag_json_parser *parser, ag_arena *arena, const char *text, size_t length,
                        ag_json_wanted *wanted, int count) {
    finder f = {text, nullptr, arena, {}, count, count};
    place begin;
    for (int i = 0; i < count; i++)
        f.wanted[i] = {wanted[i].outer, wanted[i].key, nullptr, false};
    if (find_places(parser, text, length, &begin, &f.end) == SUCCESS)
        find_in_object(f, begin, "");
    for (int i = 0; i < count; i++)
        wanted[i].text = f.wanted[i].text;
    return f.missing == 0;
}
