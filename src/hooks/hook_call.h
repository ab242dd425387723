/**
 * @file hook_call.h
 * A call of a CDS Hooks service: what it asks for, what of the record was seen, and its cards.
 */
#ifndef AG_HOOK_CALL_H
#define AG_HOOK_CALL_H

#include "hooks_work.h"

/** Parts of a record: X(constant, key of the prefetch, template without the codes, words). */
#define AG_PART_LIST(X)                                                                            \
    X(AG_PART_PATIENT, "patient", "Patient/{{context.patientId}}", AG_SAID("the patient"))         \
    X(AG_PART_CONDITIONS, "conditions", "Condition?patient={{context.patientId}}",                 \
      AG_SAID("conditions"))                                                                       \
    X(AG_PART_MEDICINES, "medications", "MedicationRequest?patient={{context.patientId}}",         \
      AG_SAID("medicines"))                                                                        \
    X(AG_PART_PROCEDURES, "procedures", "Procedure?patient={{context.patientId}}",                 \
      AG_SAID("operations"))                                                                       \
    X(AG_PART_RESULTS, "results",                                                                  \
      "Observation?patient={{context.patientId}}&code=", AG_SAID("laboratory results"))

typedef enum ag_part {
#define AG_PART_ENUM(constant, key, template, words) constant,
    AG_PART_LIST(AG_PART_ENUM)
#undef AG_PART_ENUM
        AG_PARTS
} ag_part;

/** The key of a part among the prefetched. */
const char *ag_part_key(ag_part part);

/** Its search or read, with the patient's token, in the arena of the call. */
const char *ag_part_template(const ag_call *call, ag_part part);

typedef enum ag_seen { AG_UNSEEN, AG_SEEN_PARTLY, AG_SEEN } ag_seen;

typedef struct ag_hook ag_hook;

/** One service. Services of one hook differ in their id. */
typedef struct ag_service {
    const char *id;
    const char *hook;
    const char *title;
    const char *description;
    const char *usage;            /**< what a client must know; NULL for nothing */
    unsigned parts;               /**< bits of the parts that it wants */
    void (*serve)(ag_hook *hook); /**< answers */
    bool old; /**< its clients speak older versions: what cannot be read gets no cards */
} ag_service;

/** All; the last has no id. */
extern const ag_service ag_services[];

/** How the text of a record ends. */
#define AG_RECORD_END "]}"

struct ag_hook {
    ag_call *call;
    const ag_service *service;
    const ag_json_value *root, *context;
    const char *patient_id;
    const char *server; /**< from which may be fetched; NULL for none */
    const char *token;  /**< to fetch with; NULL for none */
    ag_buffer record;   /**< what was seen: a collection Bundle */
    ag_seen seen[AG_PARTS];
    const char *why_unseen[AG_PARTS]; /**< one clause in English */
};

/** A patient reference of a body, such as "Patient/17", without its type. */
const char *ag_plain_id(const char *id);

/** Gather the parts of `service` into `record`. False where there is no Patient. */
bool ag_hook_gather_parts(ag_hook *hook);

/** Gather the parts of the service's list into `record`, from the prefetch and, where it must and
 * may be, from the FHIR server. False where there is an answer already. */
bool ag_hook_gather(ag_hook *hook);

/**
 * The man of the record. NULL where there is an answer already: no cards for whoever is not to be
 * assessed, 412 for what cannot be read. Caller frees with ag_patient_free.
 */
ag_patient *ag_hook_man(ag_hook *hook);

/** "Not seen: operations (not sent), …"; NULL when all was seen. */
const char *ag_hook_unseen(const ag_hook *hook);

/** What the page is given: the record, with an OperationOutcome where not all of it was seen. NULL
 * when out of memory. */
const char *ag_record_text(const ag_hook *hook);

/** Hold such a text for the page, to be taken once, by whoever has the cookie `session` ("": none).
 * The address at which the page shows it; NULL when it cannot be held. */
const char *ag_record_hold(ag_call *call, const char *text, const char *session);

/** Take it; NULL when it is not there, or was held for another session. */
const char *ag_record_take(ag_call *call, const char *name, const char *session);

/** Load all parts of a patient's record from a server as such a text. NULL with the reason in
 * `why` where the Patient cannot be had. */
const char *ag_record_load(ag_call *call, const char *server, const char *token,
                           const char *patient_id, const char **why);

void ag_serve_patient_view(ag_hook *hook);
void ag_serve_orders(ag_hook *hook);

/* ---- cards ---- */

/** A code of our own with what a reader sees. */
typedef struct ag_own_code {
    const char *code;
    const char *display; /**< English, for ag_call_say */
} ag_own_code;

enum { AG_CARD_SUGGESTIONS = 4 };

/** An order that may take the place of a drafted one. */
typedef struct ag_order_suggestion {
    const char *label;
    const char *rxnorm;   /**< of the product; NULL for none */
    const char *display;  /**< its name */
    const char *dose;     /**< instruction as text; NULL for none */
    const char *replaces; /**< "MedicationRequest/id" of the drafted order */
} ag_order_suggestion;

typedef struct ag_hook_card {
    const char *summary; /**< cut to fewer than 140 characters */
    const char *indicator;
    const char *detail; /**< Markdown */
    const char *source_label;
    const char *source_url;
    ag_own_code topic;
    const ag_own_code *reasons; /**< why it may be overridden; ended by one without code */
    ag_order_suggestion suggestions[AG_CARD_SUGGESTIONS];
    int suggestion_count;
    const char *page; /**< address of the assessment; NULL for none */
    bool launch;      /**< with a SMART link, where launches are configured */
} ag_hook_card;

enum { AG_CARDS = 8, AG_SUMMARY_MOST = 139 };

/** Answer with these cards. */
void ag_hook_answer(ag_hook *hook, const ag_hook_card *cards, int count);

/** `text` so that Markdown shows it as it is. */
const char *ag_markdown(ag_arena *arena, const char *text);

/** Where the study of an evidence record can be read; NULL when that is not known. */
const char *ag_study_address(ag_arena *arena, const ag_evidence *evidence);

/** "Hisasue S, Int J Urol 2006". */
const char *ag_study_label(ag_arena *arena, const ag_evidence *evidence);

/** "82 % (71–89)". */
const char *ag_hook_percent(const ag_call *call, ag_estimate p);

#endif
