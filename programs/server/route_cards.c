/* GET /api/cards: a search over all names and codes; GET /api/cards/{id}: one card. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "choices.h"
#include "routes.h"

enum { MOST_MATCHES = 1000, USUAL_MATCHES = 20 };

/* The leaflet that explains a card, or NULL. */
static const char *leaflet_of(const ag_site *site, ag_card card) {
    return card.kind == AG_CARD_EVIDENCE ? NULL : site->leaflets[card.kind][card.index];
}

static json_t *match_json(const ag_site *site, const ag_card_match *match, const char *language) {
    const ag_knowledge *knowledge = site->model.knowledge;
    return json_pack("{s:s, s:s, s:s, s:s, s:s*}", "id", ag_card_id(knowledge, match->card), "kind",
                     ag_card_kind_name(match->card.kind), "name",
                     ag_card_name(knowledge, match->card, language), "match", match->name,
                     "leaflet", leaflet_of(site, match->card));
}

static bool read_limit(ag_answer *answer, const ag_request *request, int *limit) {
    const char *text = ag_request_query(request, "limit");
    if (text == NULL)
        return true;
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    *limit = (int)value;
    if (*text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && value >= 1 &&
        value <= MOST_MATCHES)
        return true;
    ag_answer_error(answer, 400, "query:limit", "limit must be a whole number from 1 to %d",
                    MOST_MATCHES);
    return false;
}

void ag_route_cards(ag_answer *answer, const ag_request *request, ag_site *site,
                    ag_session *session) {
    static const char *const known[] = {"q", "lang", "limit", NULL};
    (void)session;
    const char *words = ag_request_query(request, "q"), *language;
    words = words == NULL ? "" : words;
    const ag_choice choices[] = {{"lang", "en es", "en", &language}, {NULL, NULL, NULL, NULL}};
    int limit = words[strspn(words, " ")] == '\0' ? MOST_MATCHES : USUAL_MATCHES;
    if (!ag_query_known(answer, request, known) || !ag_query_choices(answer, request, choices) ||
        !read_limit(answer, request, &limit))
        return;
    ag_card_match *found = malloc((size_t)limit * sizeof *found);
    json_t *cards = found == NULL ? NULL : json_array();
    int count = cards == NULL ? 0 : ag_card_search(site->model.knowledge, words, found, limit);
    for (int i = 0; i < count; i++)
        json_array_append_new(cards, match_json(site, &found[i], language));
    free(found);
    ag_answer_json(answer, 200, json_pack("{s:o}", "cards", cards));
}

/* The card of that id among those of a kind, or of any name among all. */
static bool find(const ag_knowledge *knowledge, const char *id, const char *kind, ag_card *out) {
    if (kind == NULL)
        return ag_card_find(knowledge, id, out);
    out->index = 0;
    if (!ag_card_kind_find(kind, &out->kind))
        return false;
    for (int count = ag_card_count(knowledge, out->kind); out->index < count; out->index++)
        if (strcmp(ag_card_id(knowledge, *out), id) == 0)
            return true;
    return false;
}

static void not_found(ag_answer *answer, const ag_knowledge *knowledge, const char *id) {
    const char *near[AG_CARD_NEAREST];
    char text[300] = "";
    int count = ag_card_nearest(knowledge, id, near);
    for (int i = 0; i < count; i++) {
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%s", i == 0 ? "; near it: " : ", ",
                 near[i]);
    }
    ag_answer_error(answer, 404, "address", "there is no card \"%.100s\"%s", id, text);
}

void ag_route_card(ag_answer *answer, const ag_request *request, ag_site *site,
                   ag_session *session) {
    static const char *const known[] = {"lang", "kind", NULL};
    (void)session;
    const ag_knowledge *knowledge = site->model.knowledge;
    const char *language;
    const ag_choice choices[] = {{"lang", "en es", "en", &language}, {NULL, NULL, NULL, NULL}};
    if (!ag_query_known(answer, request, known) || !ag_query_choices(answer, request, choices))
        return;
    ag_card card;
    ag_error error = {0};
    char *text = NULL;
    if (!find(knowledge, request->id, ag_request_query(request, "kind"), &card)) {
        not_found(answer, knowledge, request->id);
        return;
    }
    if (ag_card_show(knowledge, card, AG_CARD_JSON, &text, &error) != AG_OK) {
        ag_answer_fault(answer, &error);
        return;
    }
    json_t *json = json_loads(text, 0, NULL);
    const char *leaflet = leaflet_of(site, card);
    json_object_set_new(json, "name", json_string(ag_card_name(knowledge, card, language)));
    if (leaflet != NULL)
        json_object_set_new(json, "leaflet", json_string(leaflet));
    free(text);
    ag_answer_json(answer, 200, json);
}
