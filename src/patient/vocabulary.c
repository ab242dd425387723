/* Names and codes in one hash table: a name's key is its words, a code's is its system and text. */
#include "vocabulary.h"

#include <string.h>
#include <strings.h>

#include "arena.h"
#include "text.h"

enum { LETTERS = 26, CODE_TEXT = 40, MENTIONS_NEAR = 3 };

enum { ENGLISH = 1, SPANISH = 2, ANY = ENGLISH | SPANISH };

typedef struct entry {
    const char *key;  /* words of the name, or "system:code" */
    const char *name; /* as the card writes it; NULL for codes */
    size_t length;
    uint64_t hash;
    ag_term term;
    int next; /* in the same bucket, or -1 */
    unsigned char languages;
    unsigned char letters[LETTERS];
} entry;

struct ag_vocabulary {
    ag_arena *arena;
    const ag_knowledge *knowledge;
    entry *entries;
    int count;
    int *buckets;
    size_t bucket_count; /* a power of two */
    int longest;         /* words of the longest name */
};

/* ---- building ---- */

static void count_letters(const char *key, unsigned char letters[LETTERS]) {
    memset(letters, 0, LETTERS);
    for (; *key != '\0'; key++)
        if (*key >= 'a' && *key <= 'z' && letters[*key - 'a'] < 255)
            letters[*key - 'a']++;
}

static bool same_term(ag_term a, ag_term b) {
    return a.kind == b.kind && a.index == b.index;
}

/* Entries of one key stay in the order of adding, so that the first kind added wins. */
static bool add(ag_vocabulary *v, const char *key, size_t length, const char *name, ag_term term,
                unsigned char languages) {
    uint64_t hash = ag_text_hash(AG_HASH_START, key, length);
    int *link = &v->buckets[hash & (v->bucket_count - 1)];
    for (; *link >= 0; link = &v->entries[*link].next) {
        entry *other = &v->entries[*link];
        if (other->hash == hash && same_term(other->term, term) && strcmp(other->key, key) == 0) {
            other->languages |= languages;
            return true;
        }
    }
    char *copy = ag_arena_text(v->arena, key, length);
    if (copy == NULL)
        return false;
    v->entries[v->count] = (entry){.key = copy,
                                   .name = name,
                                   .length = length,
                                   .hash = hash,
                                   .term = term,
                                   .next = -1,
                                   .languages = languages};
    if (name != NULL)
        count_letters(copy, v->entries[v->count].letters);
    *link = v->count++;
    return true;
}

static bool add_name(ag_vocabulary *v, const char *name, ag_term term, unsigned char languages) {
    ag_words words;
    ag_words_read(&words, name);
    if (words.count == 0 || words.cut)
        return true;
    if (words.count > v->longest)
        v->longest = words.count;
    return add(v, words.text, strlen(words.text), name, term, languages);
}

static bool add_names(ag_vocabulary *v, const ag_names *names, ag_term term) {
    bool ok = true;
    for (int i = 0; i < names->en.count; i++)
        ok = ok && add_name(v, names->en.items[i], term, ENGLISH);
    for (int i = 0; i < names->es.count; i++)
        ok = ok && add_name(v, names->es.items[i], term, SPANISH);
    return ok;
}

/* "system:code" in upper case, without dots for ICD-10-CM. Empty when the code is too long. */
static size_t code_key(ag_code_system system, const char *code, char key[CODE_TEXT]) {
    size_t n = 0;
    key[n++] = (char)('0' + system);
    key[n++] = ':';
    for (; *code != '\0'; code++) {
        if (system == AG_CODE_ICD10CM && *code == '.')
            continue;
        if (n + 1 == CODE_TEXT) {
            n = 0;
            break;
        }
        key[n++] = (char)(*code >= 'a' && *code <= 'z' ? *code - 'a' + 'A' : *code);
    }
    key[n] = '\0';
    return n;
}

static bool add_codes(ag_vocabulary *v, const ag_codes *codes, ag_term term) {
    bool ok = true;
    for (int i = 0; i < codes->count; i++) {
        char key[CODE_TEXT];
        size_t length = code_key(codes->items[i].system, codes->items[i].code, key);
        ok = ok && (length == 0 || add(v, key, length, NULL, term, ANY));
    }
    return ok;
}

static size_t names_and_codes(const ag_names *names, const ag_codes *codes) {
    return 1 + (size_t)names->en.count + (size_t)names->es.count + (size_t)codes->count;
}

static bool fill(ag_vocabulary *v) {
    const ag_knowledge *k = v->knowledge;
    bool ok = true;
    for (int i = 0; i < k->cause_count; i++) {
        ag_term term = {AG_TERM_CAUSE, i};
        ok = ok && add_names(v, &k->causes[i].names, term) &&
             add_name(v, k->causes[i].id, term, ANY) && add_codes(v, &k->causes[i].codes, term);
    }
    for (int i = 0; i < k->finding_count; i++) {
        const ag_variable *variable = &k->variables[k->findings[i].variable];
        ag_term term = {AG_TERM_FINDING, i}, absence = {AG_TERM_ABSENCE, i};
        ok = ok && add_names(v, &variable->names, term) && add_name(v, variable->id, term, ANY) &&
             add_codes(v, &variable->codes, term) &&
             add_names(v, &k->findings[i].absent_names, absence);
    }
    for (int i = 0; i < k->mechanism_count; i++) {
        const ag_variable *variable = &k->variables[k->mechanisms[i].variable];
        ag_term term = {AG_TERM_MECHANISM, i};
        ok = ok && add_names(v, &variable->names, term) && add_name(v, variable->id, term, ANY) &&
             add_codes(v, &variable->codes, term);
    }
    return ok;
}

static size_t count_entries(const ag_knowledge *k) {
    size_t count = 0;
    for (int i = 0; i < k->cause_count; i++)
        count += names_and_codes(&k->causes[i].names, &k->causes[i].codes);
    for (int i = 0; i < k->variable_count; i++)
        count += names_and_codes(&k->variables[i].names, &k->variables[i].codes);
    for (int i = 0; i < k->finding_count; i++)
        count += (size_t)k->findings[i].absent_names.en.count +
                 (size_t)k->findings[i].absent_names.es.count;
    return count;
}

ag_vocabulary *ag_vocabulary_new(const ag_knowledge *knowledge) {
    ag_arena *arena = ag_arena_new();
    ag_vocabulary *v = arena != NULL ? ag_arena_alloc(arena, sizeof *v) : NULL;
    if (v == NULL) {
        ag_arena_free(arena);
        return NULL;
    }
    size_t capacity = count_entries(knowledge);
    *v = (ag_vocabulary){.arena = arena, .knowledge = knowledge, .bucket_count = 64};
    while (v->bucket_count < 2 * capacity)
        v->bucket_count *= 2;
    v->entries = ag_arena_array(arena, capacity + 1, sizeof *v->entries);
    v->buckets = ag_arena_array(arena, v->bucket_count, sizeof *v->buckets);
    if (v->entries != NULL && v->buckets != NULL) {
        memset(v->buckets, -1, v->bucket_count * sizeof *v->buckets);
        if (fill(v))
            return v;
    }
    ag_arena_free(arena);
    return NULL;
}

void ag_vocabulary_free(ag_vocabulary *vocabulary) {
    if (vocabulary != NULL)
        ag_arena_free(vocabulary->arena);
}

/* ---- looking up ---- */

const ag_knowledge *ag_vocabulary_knowledge(const ag_vocabulary *vocabulary) {
    return vocabulary->knowledge;
}

static const entry *look_up(const ag_vocabulary *v, const char *key, size_t length,
                            unsigned kinds) {
    uint64_t hash = ag_text_hash(AG_HASH_START, key, length);
    for (int i = v->buckets[hash & (v->bucket_count - 1)]; i >= 0; i = v->entries[i].next) {
        const entry *e = &v->entries[i];
        if (e->hash == hash && e->length == length && (e->term.kind & kinds) != 0 &&
            memcmp(e->key, key, length) == 0)
            return e;
    }
    return NULL;
}

bool ag_vocabulary_find_words(const ag_vocabulary *vocabulary, unsigned kinds,
                              const ag_words *words, int first, int count, ag_term *out) {
    size_t length;
    const char *key = ag_words_span(words, first, count, &length);
    const entry *found = length > 0 ? look_up(vocabulary, key, length, kinds) : NULL;
    if (found != NULL)
        *out = found->term;
    return found != NULL;
}

bool ag_vocabulary_find_code(const ag_vocabulary *vocabulary, ag_code_system system,
                             const char *code, ag_term *out) {
    char key[CODE_TEXT];
    size_t length = code_key(system, code, key);
    if (length <= 2)
        return false;
    const entry *found = look_up(vocabulary, key, length, AG_TERM_ANY);
    bool prefixes = system == AG_CODE_ICD10CM || system == AG_CODE_ATC;
    for (; found == NULL && prefixes && length + 1 < CODE_TEXT && length > 2; length--) {
        key[length] = '*';
        found = look_up(vocabulary, key, length + 1, AG_TERM_ANY);
    }
    if (found != NULL)
        *out = found->term;
    return found != NULL;
}

/* "icd10cm:E11.9", or a code alone. */
static bool find_code_text(const ag_vocabulary *v, const char *text, ag_term *out) {
    static const struct {
        const char *prefix;
        ag_code_system system;
    } systems[] = {{"snomed:", AG_CODE_SNOMED}, {"icd10cm:", AG_CODE_ICD10CM},
                   {"icd10:", AG_CODE_ICD10CM}, {"rxnorm:", AG_CODE_RXNORM},
                   {"atc:", AG_CODE_ATC},       {"loinc:", AG_CODE_LOINC}};
    if (strpbrk(text, "0123456789") == NULL || strchr(text, ' ') != NULL)
        return false;
    bool prefixed = strchr(text, ':') != NULL;
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++) {
        size_t n = strlen(systems[i].prefix);
        bool named = prefixed && strncasecmp(text, systems[i].prefix, n) == 0;
        if ((named || !prefixed) &&
            ag_vocabulary_find_code(v, systems[i].system, named ? text + n : text, out))
            return true;
    }
    return false;
}

bool ag_vocabulary_find(const ag_vocabulary *vocabulary, unsigned kinds, const char *text,
                        ag_term *out) {
    ag_words words;
    ag_words_read(&words, text);
    if (!words.cut && ag_vocabulary_find_words(vocabulary, kinds, &words, 0, words.count, out))
        return true;
    return find_code_text(vocabulary, text, out) && (out->kind & kinds) != 0;
}

int ag_vocabulary_search(const ag_vocabulary *vocabulary, unsigned kinds, const ag_words *words,
                         ag_mention *out, int capacity) {
    int found = 0;
    for (int i = 0; i < words->count && found < capacity;) {
        int left = words->count - i, most = left < vocabulary->longest ? left : vocabulary->longest;
        ag_mention mention = {.first = i};
        for (int n = most; n > 0 && mention.count == 0; n--)
            if (ag_vocabulary_find_words(vocabulary, kinds, words, i, n, &mention.term))
                mention.count = n;
        if (mention.count > 0)
            out[found++] = mention;
        i += mention.count > 0 ? mention.count : 1;
    }
    return found;
}

/* ---- near names ---- */

/* A lower bound of the edit distance: letters that one text has more of than the other. */
static int letters_apart(const unsigned char a[LETTERS], const unsigned char b[LETTERS]) {
    int more = 0, less = 0;
    for (int i = 0; i < LETTERS; i++) {
        int d = a[i] - b[i];
        more += d > 0 ? d : 0;
        less += d < 0 ? -d : 0;
    }
    return more > less ? more : less;
}

void ag_vocabulary_nearest(const ag_vocabulary *vocabulary, unsigned kinds, const char *text,
                           const char *out[3]) {
    ag_words words;
    ag_words_read(&words, text);
    ag_mention mentions[MENTIONS_NEAR];
    int count = ag_vocabulary_search(vocabulary, kinds, &words, mentions, MENTIONS_NEAR);
    int near = 0;
    for (int i = 0; i < 3; i++)
        out[i] = NULL;
    for (int i = 0; i < count; i++)
        if (near == 0 || !same_term(mentions[i].term, mentions[i - 1].term))
            out[near++] = ag_vocabulary_name(vocabulary, mentions[i].term);
    if (near > 0)
        return;
    ag_nearest nearest;
    unsigned char letters[LETTERS];
    ag_nearest_start(&nearest, words.text);
    nearest.limit = (int)strlen(nearest.target) / 4; /* domperidone is not near to risperidone */
    count_letters(words.text, letters);
    for (int i = 0; i < vocabulary->count; i++) {
        const entry *e = &vocabulary->entries[i];
        if (e->name != NULL && (e->term.kind & kinds) != 0 &&
            letters_apart(letters, e->letters) <= nearest.limit)
            ag_nearest_offer(&nearest, e->name);
    }
    for (int i = 0; i < 3 && i < nearest.count; i++)
        out[i] = nearest.names[i];
}

/* ---- names to show ---- */

static const ag_names *names_of(const ag_knowledge *k, ag_term term, const char **id) {
    if (term.kind == AG_TERM_CAUSE) {
        *id = k->causes[term.index].id;
        return &k->causes[term.index].names;
    }
    const ag_variable *variable =
        &k->variables[term.kind == AG_TERM_MECHANISM ? k->mechanisms[term.index].variable
                                                     : k->findings[term.index].variable];
    *id = variable->id;
    return &variable->names;
}

const char *ag_vocabulary_id(const ag_vocabulary *vocabulary, ag_term term) {
    const char *id;
    (void)names_of(vocabulary->knowledge, term, &id);
    return id;
}

const char *ag_vocabulary_name_in(const ag_vocabulary *vocabulary, ag_term term, bool spanish) {
    const char *id;
    const ag_names *names = names_of(vocabulary->knowledge, term, &id);
    if (spanish && names->es.count > 0)
        return names->es.items[0];
    return names->en.count > 0 ? names->en.items[0] : id;
}

const char *ag_vocabulary_name(const ag_vocabulary *vocabulary, ag_term term) {
    return ag_vocabulary_name_in(vocabulary, term, false);
}

/* ---- suggestions ---- */

/* How well a key goes on as `typed` begins: 0 at its start, 1 at the start of another word, -1 not
 * at all. Both are folded words with one space between. */
static int fit(const char *key, const char *typed, size_t length) {
    if (strncmp(key, typed, length) == 0)
        return 0;
    for (const char *at = strchr(key, ' '); at != NULL; at = strchr(at + 1, ' '))
        if (strncmp(at + 1, typed, length) == 0)
            return 1;
    return -1;
}

typedef struct ranked {
    ag_suggestion what;
    size_t rank;
} ranked;

/* Keep the best `capacity`, each term once, in order. */
static int keep(ranked *list, int count, int capacity, ranked one) {
    int at = count;
    for (int i = 0; i < count; i++)
        if (same_term(list[i].what.term, one.what.term)) {
            if (list[i].rank <= one.rank)
                return count;
            memmove(&list[i], &list[i + 1], (size_t)(count - i - 1) * sizeof *list);
            at = --count;
            break;
        }
    while (at > 0 && list[at - 1].rank > one.rank)
        at--;
    if (at == capacity)
        return count;
    int moved = (count < capacity ? count : capacity - 1) - at;
    memmove(&list[at + 1], &list[at], (size_t)moved * sizeof *list);
    list[at] = one;
    return count < capacity ? count + 1 : count;
}

/* Names of the other language come last, and only where they begin so. */
static int suggest_from(const ag_vocabulary *v, unsigned kinds, const char *typed, bool spanish,
                        ranked *list, int capacity) {
    enum { INNER = 1000, FOREIGN = 2000 };
    size_t length = strlen(typed);
    int count = 0;
    for (int i = 0; length >= 2 && i < v->count; i++) {
        const entry *e = &v->entries[i];
        int place =
            e->name != NULL && (e->term.kind & kinds) != 0 ? fit(e->key, typed, length) : -1;
        bool foreign = (e->languages & (spanish ? SPANISH : ENGLISH)) == 0;
        if (place < 0 || (foreign && place > 0))
            continue;
        ranked one = {{e->term, e->name},
                      (size_t)place * INNER + (foreign ? FOREIGN : 0) + e->length};
        count = keep(list, count, capacity, one);
    }
    return count;
}

int ag_vocabulary_suggest(const ag_vocabulary *vocabulary, unsigned kinds, const char *text,
                          bool spanish, ag_suggestion *out, int capacity) {
    enum { MOST = 20 };
    ranked list[MOST];
    ag_words words;
    int count = 0, most = capacity < MOST ? capacity : MOST;
    ag_words_read(&words, text);
    for (int first = 0; first < words.count && count == 0 && most > 0; first++)
        count =
            suggest_from(vocabulary, kinds, words.text + words.start[first], spanish, list, most);
    for (int i = 0; i < count; i++)
        out[i] = list[i].what;
    return count;
}
