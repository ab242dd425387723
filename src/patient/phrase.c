/*
 * A line is read word by word: the names of causes first, then, in what is left, doses, times,
 * words that a card knows as attributes, and words without meaning for us ("oral", "capsule").
 */
#include "phrase.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "values.h"

static const char NEUTRAL[] =
    "|a|an|one|the|and|y|e|of|with|con|de|del|la|el|los|las|en|in|at|on|to|by|for|para|por|his|su|"
    "oral|orally|po|vo|capsule|capsules|caps|cap|tablet|tablets|tab|tabs|capsula|capsulas|"
    "comprimido|comprimidos|film|coated|extended|modified|prolonged|delayed|sustained|release|"
    "released|liberacion|prolongada|hydrochloride|hcl|hydrobromide|sodium|mesylate|maleate|"
    "fumarate|succinate|hidrocloruro|clorhidrato|mr|xr|er|sr|cr|xl|la|hr|dose|dosis|daily|taking|"
    "takes|toma|tomando|started|inicio|disorder|procedure|finding|disease|situation|enfermedad|"
    "trastorno|mellitus|nos|unspecified|chronic|cronica|cronico|surgery|operation|operated|"
    "operacion|cirugia|history|hx|antecedente|antecedentes|status|post|sp|after|due|x|per|gel|"
    "solution|injection|injectable|patch|product|pill|pack|diagnosed|diagnosis|known|has|tiene|"
    "approach|sided|side|level|nivel|injury|lesion|technique|done|performed|medicamento|"
    "medication|medicine|drug|user|was|took|taken|template|plantilla|laparoscopic|laparoscopica|"
    "robotic|robotica|robot|assisted|asistida|endoscopic|endoscopica|open|abierta|primary|primaria|"
    "repair|repaired|reparacion|correction|corrected|redo|repeat|repeated|twice|mesh|malla|age|"
    "aged|"
    "early|late|recent|childhood|infancia|use|abuse|dependence|consumo|well|poorly|controlled|"
    "uncontrolled|treated|relapsing|remitting|progressive|recurrent|idiopathic|mild|moderate|"
    "severe|"
    "longstanding|long|standing|stable|";

static const char *const NEUTRAL_PHRASES[] = {"s p",        "h o",        "low dose",   "high dose",
                                              "dosis baja", "dosis alta", "as a child", "as a boy",
                                              "de nino",    "in boyhood"};

/* Beside a medicine these say that it is not what he takes. */
static const char TURNING[] =
    "|allergy|allergic|alergia|alergico|alergica|intolerant|intolerance|intolerante|intolerancia|"
    "considering|considers|refuses|refused|declines|declined|rechaza|rechazo|avoid|avoids|evitar|"
    "contraindicated|contraindicado|contraindicada|wife|husband|partner|father|mother|brother|son|"
    "family|esposa|pareja|padre|madre|hermano|familia|low|high|elevated|deficiency|deficit|bajo|"
    "baja|alto|alta|risk|riesgo|possible|possibly|maybe|perhaps|suspected|posible|quiza|quizas|";

/* It is over; after the first of them, a time is that of the end. */
static const char *const PAST[] = {
    "stopped",      "discontinued", "quit",         "came off",   "suspendido", "suspendida",
    "retirado",     "retirada",     "dejo",         "ha dejado",  "former",     "formerly",
    "previous",     "previously",   "past",         "ex",         "off",        "no longer",
    "used to take", "was on",       "was taking",   "ya no toma", "ya no",      "antes tomaba",
    "antiguo",      "antigua",      "anteriormente"};

enum { STOPS = 10 };

static const struct {
    const char *phrase;
    double per_day;
} FREQUENCIES[] = {{"twice daily", 2},
                   {"twice a day", 2},
                   {"two times a day", 2},
                   {"2 times a day", 2},
                   {"2 times daily", 2},
                   {"bid", 2},
                   {"bd", 2},
                   {"every 12 hours", 2},
                   {"dos veces al dia", 2},
                   {"2 veces al dia", 2},
                   {"cada 12 horas", 2},
                   {"three times daily", 3},
                   {"three times a day", 3},
                   {"3 times a day", 3},
                   {"3 times daily", 3},
                   {"tid", 3},
                   {"tds", 3},
                   {"every 8 hours", 3},
                   {"tres veces al dia", 3},
                   {"3 veces al dia", 3},
                   {"cada 8 horas", 3},
                   {"four times daily", 4},
                   {"four times a day", 4},
                   {"qid", 4},
                   {"every other day", 0.5},
                   {"on alternate days", 0.5},
                   {"cada dos dias", 0.5},
                   {"cada 48 horas", 0.5},
                   {"once weekly", 1.0 / 7},
                   {"once a week", 1.0 / 7},
                   {"weekly", 1.0 / 7},
                   {"per week", 1.0 / 7},
                   {"semanal", 1.0 / 7},
                   {"a la semana", 1.0 / 7},
                   {"once daily", 1},
                   {"once a day", 1},
                   {"one a day", 1},
                   {"a day", 1},
                   {"per day", 1},
                   {"every day", 1},
                   {"each day", 1},
                   {"every night", 1},
                   {"at night", 1},
                   {"nightly", 1},
                   {"at bedtime", 1},
                   {"in the morning", 1},
                   {"in the evening", 1},
                   {"every 24 hours", 1},
                   {"qd", 1},
                   {"od", 1},
                   {"qhs", 1},
                   {"nocte", 1},
                   {"daily", 1},
                   {"day", 1},
                   {"una vez al dia", 1},
                   {"al dia", 1},
                   {"cada dia", 1},
                   {"por dia", 1},
                   {"dia", 1},
                   {"diario", 1},
                   {"diaria", 1},
                   {"diarios", 1},
                   {"cada noche", 1},
                   {"por la noche", 1},
                   {"por la manana", 1},
                   {"cada 24 horas", 1},
                   {"as needed", NAN},
                   {"when needed", NAN},
                   {"on demand", NAN},
                   {"prn", NAN},
                   {"si precisa", NAN},
                   {"a demanda", NAN}};

static const char *const NEGATIONS[] = {"no history of", "no evidence of", "no sign of",
                                        "no signs of",   "negative for",   "denies any",
                                        "denies",        "absence of",     "there is no",
                                        "does not take", "never took",     "never taken",
                                        "there was no",  "does not have",  "has no",
                                        "did not have",  "never had",      "never",
                                        "without any",   "without",        "not",
                                        "no hay",        "no tiene",       "no ha tenido",
                                        "no toma",       "niega",          "sin",
                                        "ausencia de",   "nunca",          "no"};

static const char *const PLANS[] = {
    "planned",        "scheduled",  "upcoming",      "awaiting",       "waiting for",
    "booked",         "due for",    "listed for",    "to be started",  "to be done",
    "about to start", "will start", "going to have", "going to start", "prevista",
    "previsto",       "programada", "programado",    "planificada",    "planificado",
    "planeada",       "planeado",   "pendiente de",  "a la espera de", "en espera de",
    "va a empezar",   "por empezar"};

int ag_negation(const ag_words *words, int first) {
    for (size_t i = 0; i < sizeof NEGATIONS / sizeof NEGATIONS[0]; i++) {
        int used = ag_words_phrase(words, first, NEGATIONS[i]);
        if (used > 0)
            return used + ag_words_in(words, first + used, "|any|a|ningun|ninguna|");
    }
    return 0;
}

/* ---- doses ---- */

static double mass_mg(const ag_words *words, int i) {
    if (ag_words_in(words, i, "|mg|milligram|milligrams|miligramos|"))
        return 1;
    if (ag_words_in(words, i, "|g|gram|grams|gramos|"))
        return 1000;
    if (ag_words_in(words, i, "|mcg|ug|\xC2\xB5g|\xCE\xBCg|microgram|micrograms|microgramos|"))
        return 0.001;
    return 0;
}

static int read_frequency(const ag_words *words, int i, double *per_day) {
    for (size_t n = 0; n < sizeof FREQUENCIES / sizeof FREQUENCIES[0]; n++) {
        int used = ag_words_phrase(words, i, FREQUENCIES[n].phrase);
        if (used > 0) {
            *per_day = FREQUENCIES[n].per_day;
            return used;
        }
    }
    return 0;
}

/* "0.4 mg", "2 x 0.4 mg": words used, or 0. */
static int read_amount(const ag_words *words, int i, double *mg) {
    double count = 1, number;
    int at = i;
    if (ag_words_number(words, at, &count) && ag_words_is(words, at + 1, "x"))
        at += 2;
    else
        count = 1;
    if (!ag_words_number(words, at, &number) || mass_mg(words, at + 1) == 0)
        return 0;
    *mg = count * number * mass_mg(words, at + 1);
    return at + 2 - i;
}

bool ag_dose_read(const char *text, double *strength_mg, double *per_day) {
    ag_words words;
    ag_words_read(&words, text);
    *per_day = 0;
    int i = read_amount(&words, 0, strength_mg);
    if (i == 0 || words.cut)
        return false;
    while (i < words.count) {
        int used = read_frequency(&words, i, per_day);
        if (used == 0 && !ag_words_in(&words, i, NEUTRAL))
            return false;
        i += used > 0 ? used : 1;
    }
    return true;
}

/* ---- the line ---- */

typedef struct line {
    const ag_vocabulary *vocabulary;
    const ag_cause *cause; /* NULL when the line names none */
    const ag_words *words;
    bool named[AG_WORDS_MAX]; /* the word is part of a cause's name */
    bool stopped;             /* a word of ending was read: a time is that of the end */
    ag_phrase *out;
} line;

static void add_rest(ag_phrase *out, const ag_words *words, int i) {
    size_t length, used = strlen(out->rest);
    const char *text = ag_words_span(words, i, 1, &length);
    if (used + length + 2 > sizeof out->rest)
        return;
    if (used > 0)
        out->rest[used++] = ' ';
    memcpy(out->rest + used, text, length);
    out->rest[used + length] = '\0';
}

static void record_attribute(ag_phrase *out, const char *name, const char *word) {
    for (int i = 0; i < out->attribute_count; i++)
        if (strcmp(out->attributes[i].name, name) == 0)
            return;
    if (out->attribute_count < AG_PHRASE_ATTRIBUTES)
        out->attributes[out->attribute_count++] =
            (ag_recorded_attribute){.name = name, .number = NAN, .word = word};
}

/* A value of one of the card's attributes, the longest that fits. */
static int read_attribute_word(line *l, int i) {
    int most = 0, count = l->cause != NULL ? l->cause->attribute_count : 0;
    const char *name = NULL, *word = NULL;
    for (int a = 0; a < count; a++) {
        const ag_attribute *attribute = &l->cause->attributes[a];
        for (int v = 0; v < attribute->values.count; v++) {
            ag_words value;
            if (ag_yes_or_no(attribute->values.items[v]) != 0)
                continue; /* "present" alone does not say what is present */
            ag_words_read(&value, attribute->values.items[v]);
            int used = ag_words_phrase(l->words, i, value.text);
            if (used > most) {
                most = used;
                name = attribute->name;
                word = attribute->values.items[v];
            }
        }
    }
    if (most > 0)
        record_attribute(l->out, name, word);
    return most;
}

static int variant_name_at(const line *l, int i, const ag_texts *names) {
    int most = 0;
    for (int n = 0; n < names->count; n++) {
        ag_words name;
        ag_words_read(&name, names->items[n]);
        int used = name.count > 0 ? ag_words_phrase(l->words, i, name.text) : 0;
        most = used > most ? used : most;
    }
    return most;
}

/* The name of a variant records what the variant requires, where one word says it. */
static int read_variant_name(line *l, int i) {
    int count = l->cause != NULL ? l->cause->variant_count : 0;
    for (int v = 0; v < count; v++) {
        const ag_variant *variant = &l->cause->variants[v];
        int used = variant_name_at(l, i, &variant->names.en);
        if (used == 0)
            used = variant_name_at(l, i, &variant->names.es);
        if (used == 0)
            continue;
        for (int w = 0; w < variant->when_count; w++)
            if (!variant->when[w].numeric && variant->when[w].words.count > 0)
                record_attribute(l->out, variant->when[w].attribute,
                                 variant->when[w].words.items[0]);
        return used;
    }
    return 0;
}

static const char START_WORDS[] = "|since|from|start|started|starting|desde|inicio|inicia|for|hace|"
                                  "in|on|en|el|";
static const char END_WORDS[] = "|until|till|stop|stopped|ended|hasta|suspendido|suspendida|"
                                "retirado|retirada|dejo|";

static int time_length(const line *l, int i) {
    int n = i + 1;
    while (n < l->words->count && !l->named[n] && !ag_words_in(l->words, n, END_WORDS))
        n++;
    return n - i;
}

/* A time from word `i` on, the longest that can be read; words used, or 0. */
static int read_time(const line *l, int i, ag_when *out) {
    for (int n = time_length(l, i); n > 0; n--) {
        size_t length;
        char text[AG_WORDS_TEXT];
        const char *from = ag_words_span(l->words, i, n, &length);
        memcpy(text, from, length);
        text[length] = '\0';
        if (ag_when_read(text, out))
            return n;
    }
    return 0;
}

static int read_start_or_end(line *l, int i) {
    bool end = ag_words_in(l->words, i, END_WORDS);
    ag_when when;
    int skip = end + (end && ag_words_in(l->words, i + 1, "|in|on|since|en|el|"));
    int used = read_time(l, i + skip, &when);
    if (used == 0 && !end && ag_words_in(l->words, i, START_WORDS)) {
        skip = 1;
        used = read_time(l, i + 1, &when);
    }
    if (used == 0 || (end ? l->out->has_end : l->out->has_start))
        return 0;
    if (end) {
        l->out->has_end = true;
        l->out->end = when;
    } else {
        l->out->has_start = true;
        l->out->start = when;
    }
    return skip + used;
}

static int phrase_in(const ag_words *words, int i, const char *const *phrases, int count, int *at) {
    for (*at = 0; *at < count; (*at)++) {
        int used = ag_words_phrase(words, i, phrases[*at]);
        if (used > 0)
            return used;
    }
    return 0;
}

static int past_at(const ag_words *words, int i, int *at) {
    return phrase_in(words, i, PAST, (int)(sizeof PAST / sizeof PAST[0]), at);
}

static int read_past(line *l, int i) {
    int at, used = past_at(l->words, i, &at);
    if (used > 0) {
        l->out->ended = true;
        l->stopped = l->stopped || at < STOPS;
    }
    return used;
}

/* A medicine's second time is its end ("2020-2022"); one that cannot be placed leaves unclear when
 * it was taken ("for 3 months in 2019"). */
static int read_second_time(line *l, int i) {
    ag_when when;
    bool introduced = ag_words_in(l->words, i, START_WORDS);
    if (!l->out->has_start || l->cause == NULL || l->cause->kind != AG_CAUSE_MEDICINE)
        return 0;
    int used = read_time(l, i + introduced, &when);
    if (used == 0)
        return 0;
    if (introduced || l->out->has_end) {
        l->out->turned = true;
        return 0;
    }
    l->out->has_end = true;
    l->out->end = when;
    return used;
}

/* "24 hr", the release time in the names of products. */
static int read_release_time(const ag_words *words, int i) {
    double hours;
    return ag_words_number(words, i, &hours) && ag_words_in(words, i + 1, "|hr|hour|") ? 2 : 0;
}

static int read_strength(line *l, int i) {
    double mg;
    int used = l->out->strength_mg == 0 ? read_amount(l->words, i, &mg) : 0;
    if (used > 0)
        l->out->strength_mg = mg;
    return used;
}

/* Words that say that it is to come. */
static int read_plan(line *l, int i) {
    for (size_t n = 0; n < sizeof PLANS / sizeof PLANS[0]; n++) {
        int used = ag_words_phrase(l->words, i, PLANS[n]);
        if (used > 0) {
            l->out->planned = true;
            return used;
        }
    }
    return 0;
}

static void read_word(line *l, int *i) {
    int at, used = read_strength(l, *i);
    if (used == 0)
        used = read_plan(l, *i);
    if (used == 0)
        used = read_release_time(l->words, *i);
    if (used == 0)
        used = read_variant_name(l, *i);
    if (used == 0)
        used = read_attribute_word(l, *i);
    if (used == 0)
        used = read_frequency(l->words, *i, &l->out->per_day);
    if (used == 0)
        used = read_start_or_end(l, *i);
    if (used == 0)
        used = read_second_time(l, *i);
    if (used == 0)
        used = read_past(l, *i);
    if (used == 0)
        used = phrase_in(l->words, *i, NEUTRAL_PHRASES,
                         (int)(sizeof NEUTRAL_PHRASES / sizeof NEUTRAL_PHRASES[0]), &at);
    if (used == 0) {
        used = 1;
        l->out->turned = l->out->turned || ag_words_in(l->words, *i, TURNING);
        if (!ag_words_in(l->words, *i, NEUTRAL))
            add_rest(l->out, l->words, *i);
    }
    *i += used;
}

/* "Bilateral orchiectomy" names the cause and its variant. */
static void read_names_of_variants(line *l) {
    for (int i = 0; i < l->words->count; i++)
        if (l->named[i])
            read_variant_name(l, i);
}

/* "Stopped tamsulosin in 2024" */
static void time_of_end(line *l) {
    ag_phrase *out = l->out;
    if (!l->stopped || !out->has_start || out->has_end)
        return;
    out->end = out->start;
    out->has_end = true;
    out->has_start = false;
}

static bool read_line(const ag_vocabulary *vocabulary, const char *text, ag_phrase *out) {
    ag_words words;
    ag_mention mentions[AG_PHRASE_CAUSES];
    *out = (ag_phrase){.per_day = 0};
    ag_words_read(&words, text);
    int count = ag_vocabulary_search(vocabulary, AG_TERM_CAUSE, &words, mentions, AG_PHRASE_CAUSES);
    int at, denied = (count > 0 && mentions[0].first == 0) || past_at(&words, 0, &at) > 0
                         ? 0
                         : ag_negation(&words, 0);
    out->negated = denied > 0;
    line l = {.vocabulary = vocabulary, .words = &words, .out = out};
    if (count > 0)
        l.cause = &ag_vocabulary_knowledge(vocabulary)->causes[mentions[0].term.index];
    for (int m = 0; m < count; m++) {
        bool known = false;
        for (int c = 0; c < out->cause_count; c++)
            known = known || out->causes[c] == mentions[m].term.index;
        if (!known)
            out->causes[out->cause_count++] = mentions[m].term.index;
        for (int w = 0; w < mentions[m].count; w++)
            l.named[mentions[m].first + w] = true;
    }
    read_names_of_variants(&l);
    for (int i = denied; i < words.count;) {
        if (l.named[i])
            i++;
        else
            read_word(&l, &i);
    }
    time_of_end(&l);
    return count > 0;
}

/* A line may begin with a code instead of a name: it is read as the card's id. */
bool ag_phrase_read(const ag_vocabulary *vocabulary, const char *text, ag_phrase *out) {
    char code[64], named[AG_WORDS_TEXT];
    ag_term term;
    if (read_line(vocabulary, text, out))
        return true;
    size_t length = strcspn(text, " ");
    if (length == 0 || length >= sizeof code)
        return false;
    memcpy(code, text, length);
    code[length] = '\0';
    if (!ag_vocabulary_find(vocabulary, AG_TERM_CAUSE, code, &term))
        return false;
    snprintf(named, sizeof named, "%s%.500s",
             ag_vocabulary_knowledge(vocabulary)->causes[term.index].id, text + length);
    return read_line(vocabulary, named, out);
}
