#include "commands.h"

#include <stddef.h>
#include <string.h>

#define KNOWLEDGE                                                                                  \
    { "knowledge", 'k', "DIR", NULL, "use the cards of this folder, not those built in" }
#define COLOR                                                                                      \
    { "color", 0, "WHEN", "auto always never", "colour the text; auto where NO_COLOR is not set" }
#define END                                                                                        \
    { NULL, 0, NULL, NULL, NULL }

const ag_option ag_common_options[] = {{"help", 'h', NULL, NULL, "show this help"}, END};

static const ag_option assess_options[] = {
    {"format", 'f', "FORMAT", "text json ndjson html fhir", "how the report is written (text)"},
    {"for", 0, "READER", "clinician patient laboratory", "who reads it (clinician)"},
    {"lang", 'l', "LANG", "en es", "the language of the report (en)"},
    {"why", 'w', NULL, NULL, "all findings, weights and sources"},
    {"what-if", 0, "CHANGES", NULL,
     "before and after, such as \"stop tamsulosin, add imipramine\""},
    {"anatomy", 0, "SEX", "male", "he has male anatomy, whatever sex is recorded"},
    {"setting", 0, "PLACE", NULL, "where he is seen, in the words of the card setting"},
    {"date", 0, "DATE", NULL, "assess as of this day, such as 2024-05-31, not the case's or today"},
    {"strict", 0, NULL, NULL, "refuse a case with an entry that cannot be read"},
    KNOWLEDGE,
    COLOR,
    {"quiet", 'q', NULL, NULL, "no progress"},
    END,
};
static const ag_option ask_options[] = {
    {"lang", 'l', "LANG", "en es", "the language of the questions and the report (en)"},
    {"save", 's', "FILE", NULL, "write the answers as a case file"},
    {"for", 0, "READER", "clinician patient", "who reads the report (patient)"},
    {"date", 0, "DATE", NULL, "the day of the interview, such as 2024-05-31, not today"},
    KNOWLEDGE,
    COLOR,
    END,
};
static const ag_option cards_options[] = {
    {"kind", 0, "KIND",
     "functions ejaculate mechanisms findings causes treatments tests sperm-sources conception "
     "red-flags values evidence",
     "list only the cards of this kind"},
    {"format", 'f', "FORMAT", "text json", "how it is written (text)"},
    KNOWLEDGE,
    END,
};
static const ag_option leaflet_options[] = {
    {"format", 'f', "FORMAT", "text html", "how the leaflet is written (text)"},
    {"lang", 'l', "LANG", "en es", "the language of the leaflet (en)"},
    COLOR,
    END,
};
static const ag_option learn_options[] = {
    {"output", 'o', "DIR", NULL, "write the cards with the new numbers into this new folder"},
    {"site", 0, "NAME", NULL, "names the site's records (own)"},
    {"exposed", 0, NULL, NULL,
     "the cases are all men exposed, with and without complaint: learn effects of causes too"},
    {"unselected", 0, NULL, NULL,
     "the cases are a sample of all men, with and without complaint: learn how common causes are"},
    {"format", 'f', "FORMAT", "text json", "how it is written (text)"},
    KNOWLEDGE,
    END,
};
static const ag_option network_options[] = {
    {"mpe", 0, NULL, NULL, "the most probable states together instead of the marginals"},
    {"threads", 't', "N", NULL, "answer this many cases at the same time (1)"},
    {"effort", 0, "N", NULL, "try this many further elimination orders"},
    {"order", 0, "FILE", NULL, "use the elimination order in this file"},
    {"save-order", 0, "FILE", NULL, "write the elimination order in use to this file"},
    {"memory", 0, "GIB", NULL, "most memory that a case may take on each thread (4)"},
    END,
};
static const ag_option screen_options[] = {
    {"format", 'f', "FORMAT", "ndjson csv html", "how the result is written (ndjson)"},
    {"output", 'o', "FILE", NULL, "write the result to this file, which appears when it is whole"},
    {"summary", 's', "FILE", NULL, "write the summary: .html a page with plots, .json, else text"},
    {"risk", 0, "P", NULL, "only men whose risk of any mechanism is at least P, such as 0.3"},
    {"cause", 0, "NAME", NULL,
     "only men with this cause, or one of this group, recorded or planned"},
    {"age", 0, "FROM-TO", NULL, "only men of these ages, such as 40-60"},
    {"since", 0, "DATE", NULL,
     "only men with something that began or was noted since, or is to come"},
    {"date", 0, "DATE", NULL, "assess as of this day, such as 2024-05-31, not today"},
    {"setting", 0, "PLACE", NULL, "where the men are seen, in the words of the card setting"},
    {"threads", 't', "N", NULL, "threads to use; the result does not depend on it (1)"},
    {"strict", 0, NULL, NULL, "check every byte to be JSON in UTF-8; slower"},
    {"resume", 0, "DIR", NULL, "keep finished pieces in DIR, and go on from those that are there"},
    {"map", 0, "FACTS", NULL, "write only the facts of the input, to this file"},
    {"reduce", 0, NULL, NULL, "the operands are files of facts; join them"},
    {"part", 0, "I/N", NULL, "with --map: shard I of N; with --reduce: only patients of part I"},
    {"memory", 0, "MB", NULL, "memory for facts before they are sorted on disk (256)"},
    KNOWLEDGE,
    {"quiet", 'q', NULL, NULL, "no progress, no summary"},
    END,
};
static const ag_option serve_options[] = {
    {"listen", 'l', "ADDRESS:PORT", NULL, "where to listen (127.0.0.1:8765); port 0: a free one"},
    {"threads", 't', "N", NULL, "threads that assess (all cores)"},
    {"config", 'c', "FILE", NULL, "read further settings, named as these options, from this YAML"},
    {"token-file", 0, "FILE", NULL, "tokens that callers must show, one a line"},
    {"tls-certificate", 0, "FILE", NULL, "speak TLS with this certificate (PEM)"},
    {"tls-key", 0, "FILE", NULL, "and its key (PEM)"},
    {"hosts", 0, "NAMES", NULL, "further names by which it may be asked, as behind a proxy"},
    {"origins", 0, "ORIGINS", NULL, "further origins whose pages may ask: https://ehr.example"},
    {"public-url", 0, "URL", NULL, "the address under which record systems see it"},
    {"cds-clients", 0, "ISSUER=KEYS", NULL, "clients of CDS Hooks; KEYS: a file or address (JWKS)"},
    {"fhir-servers", 0, "URLS", NULL, "servers that may be asked for the rest of a record"},
    {"smart-servers", 0, "ISSUER=CLIENT", NULL, "servers that may launch it (SMART App Launch)"},
    {"log", 0, "WHAT", "all errors none", "requests to log on standard error (errors)"},
    {"store", 0, "WHERE", NULL, "keep cases and an audit in this file, or postgresql:// database"},
    {"retention", 0, "DAYS", NULL, "delete cases and feedback after so many days (never)"},
    {"max-body", 0, "MIB", NULL, "largest body of a request (8)"},
    {"max-connections", 0, "N", NULL, "connections at the same time (1000)"},
    {"max-per-client", 0, "N", NULL, "of them from one address (100)"},
    {"timeout", 0, "SECONDS", NULL, "to send a request's headers, or to be idle (30)"},
    KNOWLEDGE,
    END,
};
static const ag_option store_options[] = {
    {"days", 0, "N", NULL, "expire: what has not changed for so long"},
    END,
};
static const ag_option simulate_options[] = {
    {"cause", 'c', "NAME[=DOSE]", NULL,
     "a cause, with dose or years: tamsulosin=0.4mg; repeatable"},
    {"treatment", 't', "NAME", NULL, "a treatment; repeatable"},
    {"function", 0, "NAME=STATE", NULL, "a state of a function: bladder-neck=weak; repeatable"},
    {"set", 0, "PARAM=VALUE", NULL, "a parameter of the tract; repeatable"},
    {"men", 'n', "N", NULL, "a population of N virtual men in place of the typical one"},
    {"seed", 0, "S", NULL, "of the population (1)"},
    {"threads", 0, "N", NULL, "threads to use; results do not depend on it (all cores)"},
    {"format", 'f', "FORMAT", "text json svg html csv", "how it is written (text)"},
    {"parameters", 0, NULL, NULL, "list every parameter, its range and its source"},
    {"list", 0, NULL, NULL, "list causes, treatments and states of functions"},
    END,
};
static const ag_option validate_options[] = {
    {"format", 'f', "FORMAT", "text json html markdown svg", "how it is written (text)"},
    {"stress", 0, "DIR", NULL, "also move each assumption, to see whose case in DIR it changes"},
    KNOWLEDGE,
    END,
};

const ag_command ag_commands[] = {
    {"assess", "FILE...", "what probably happens in a man, why, and what would tell more",
     "Reads each FILE, a FHIR R4 bundle or list of resources (JSON) or a case file (YAML or JSON), "
     "plain or gzip, and reports what probably happens, why, and on what evidence. The FILE - is "
     "standard input. It supports decisions and does not replace a clinician.",
     NULL, assess_options, ag_command_assess},
    {"ask", "", "an interview, the most telling question first",
     "Asks one question at a time, each the one that is expected to tell most, at last for signs "
     "that must not wait, and ends in the report. Answers may come from a pipe, one a line. Enter "
     "means don't know, ? asks why, < goes back, q ends, after that last question. What must not "
     "wait is said at once.",
     "", ask_options, ag_command_ask},
    {"cards",
     "list | show NAME... | check [DIR] | evidence [NAME...] | diff A [B [CASES...]] | old [YEARS]",
     "browse and check the medical knowledge",
     "Lists the cards of the medical knowledge, shows one by any of its names or codes, or checks "
     "a folder of cards. evidence lists the published figures and how many numbers rest on each; "
     "with the id of a figure it shows these numbers, with the name of a card what each of its "
     "numbers rests on, the weakest first. diff tells what a change of the cards changes, from A "
     "to B (or the built-in cards): numbers, and the cases whose probabilities and reports they "
     "move. A and B are folders, or revisions of git, as HEAD~1 (its folder knowledge) or "
     "v1.0:path. old lists the cards whose newest evidence is older than so many years "
     "(10).",
     "list show check evidence diff old", cards_options, ag_command_cards},
    {"leaflet", "[TOPIC]", "what men and couples ask, answered in plain words",
     "Prints the leaflet on a mechanism, cause, finding or question, by any of its names, or lists "
     "the leaflets.",
     "", leaflet_options, ag_command_leaflet},
    {"learn", "CASES...", "update the numbers by a site's own resolved cases",
     "Reads folders of cases whose diagnosis is known, updates the probabilities of findings and "
     "the medians of measured values in the cards by them, shows by cross-validation whether that "
     "helped, and with --output writes the "
     "cards with the new numbers into a new folder. Evidence is never changed. With too few cases "
     "it refuses, and says how many are needed and why.",
     NULL, learn_options, ag_command_learn},
    {"network", "info NET | convert IN OUT | marginals NET",
     "exact inference in any discrete Bayesian network",
     "Reads a discrete Bayesian network (.bif, .uai or .net, plain or gzip). info tells its sizes; "
     "convert writes it in the format that OUT ends in (also .xmlbif and .xdsl; .uai keeps no "
     "names); marginals reads one case per line from standard input, {\"evidence\": {\"node\": "
     "\"state\"}, \"likelihood\": "
     "{\"node\": [numbers]}}, and writes one line each with the probability of every state.",
     "info convert marginals", network_options, ag_command_network},
    {"screen", "FILE|DIR...", "which men in bulk records are at risk",
     "Reads FHIR R4 bulk data line by line (NDJSON; plain, gzip or zstd; files, folders, or - for "
     "standard input) and writes one line for each man whose records hold a cause, a complaint, a "
     "test of semen or a planned operation that concern ejaculation, sorted by patient id: risk of "
     "each mechanism, causes with dates and records, and the step that suggests itself. The "
     "summary goes to standard error. Large data can be cut into shards, mapped to facts one by "
     "one, and reduced to the same result.",
     NULL, screen_options, ag_command_screen},
    {"serve", "", "a page in the browser, and HTTP for other programs",
     "Answers in a browser and to other programs: a page to enter what is known, and the HTTP "
     "interface described at /api/openapi.json. Nothing is stored, and nothing is sent elsewhere "
     "but to the record systems that you name. "
     "SIGTERM or Ctrl-C ends it once what is being answered is done.",
     "", serve_options, ag_command_serve},
    {"simulate", "", "where the semen goes, given the causes",
     "Runs the model of the ejaculatory tract and prints where the semen goes, compared with the "
     "same man without the causes.",
     NULL, simulate_options, ag_command_simulate},
    {"store", "ACTION STORE [FILE]", "look after what the server keeps",
     "STORE is a file or a postgresql:// address. backup copies a file to a new one while the "
     "server runs (a PostgreSQL database is copied with pg_dump); export prints all cases, "
     "feedback and the audit as lines of JSON; expire deletes what has not changed for so many "
     "days.",
     "backup export expire", store_options, ag_command_store},
    {"validate", "[DIR]", "how well it does on cases whose diagnosis is known",
     "Scores the model on a folder of cases whose diagnosis is known and of published counts, "
     "against base rates and a published flow chart: how often it is right, how well its "
     "probabilities fit, and its worst misses explained. Without DIR it takes the cases that come "
     "with the program. A study that set a number is left out of the evidence while it is "
     "predicted.",
     NULL, validate_options, ag_command_validate},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

const ag_command *ag_command_find(const char *name) {
    for (const ag_command *command = ag_commands; command->name != NULL; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

enum { LONGEST = 31 };

static int least(int a, int b, int c) {
    int ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Edit distance of two words (Levenshtein), computed row by row. */
static int distance(const char *a, const char *b) {
    int row[LONGEST + 1];
    int width = (int)strlen(b);
    for (int j = 0; j <= width; j++)
        row[j] = j;
    for (int i = 1; a[i - 1] != '\0'; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= width; j++) {
            int above = row[j];
            row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[width];
}

const char *ag_nearest_name(const char *word, const char *const names[]) {
    const char *nearest = NULL;
    int fewest = (int)strlen(word) / 2 + 1; /* more changes than this make another word of it */
    for (int i = 0; names[i] != NULL; i++) {
        int changes = strlen(names[i]) > LONGEST ? fewest : distance(word, names[i]);
        if (changes < fewest) {
            fewest = changes;
            nearest = names[i];
        }
    }
    return nearest;
}
