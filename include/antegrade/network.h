/**
 * @file network.h
 * Exact inference in discrete Bayesian networks.
 *
 * Three objects, used in this order:
 *   ag_network  the model: variables, tables, noisy-MAX families. Built once, then read only.
 *   ag_program  the compiled model: factors and an elimination order. Read only, shared by threads.
 *   ag_query    one thread's evidence, scratch memory and answers.
 *
 *     ag_network *network;
 *     ag_network_new(&network, 1, NULL);
 *     const char *const yes_no[] = {"no", "yes"};
 *     int rain, wet;
 *     ag_network_add_variable(network, "rain", 2, yes_no, &rain, NULL);
 *     ag_network_add_variable(network, "wet", 2, yes_no, &wet, NULL);
 *     ag_network_set_table(network, rain, NULL, 0, (double[]){0.8, 0.2}, 1, NULL);
 *     ag_network_set_table(network, wet, &rain, 1, (double[]){0.9, 0.1, 0.2, 0.8}, 1, NULL);
 *     ag_program *program;
 *     ag_program_compile(&program, network, NULL, NULL);
 *     ag_query *query;
 *     ag_query_new(&query, program, NULL);
 *     ag_query_set_state(query, wet, 1, NULL);
 *     ag_query_run(query, NULL);
 *     const double *posterior = ag_query_marginal(query, rain); // {1/3, 2/3}
 *
 * Parameter draws: a network made with draw_count D > 1 carries D versions of its parameters. A
 * table, link, leak or likelihood is given either once (draw_count 1: shared by all draws) or D
 * times; every answer then has D values. In all arrays the draw is the fastest index.
 *
 * Variables and states are numbered from 0 in the order they were added. Pointers to int ids and
 * arrays of doubles passed in are read during the call only. No function keeps global state.
 */
#ifndef ANTEGRADE_NETWORK_H
#define ANTEGRADE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "antegrade/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Most parameter draws that a network may carry. */
#define AG_NETWORK_DRAWS_MAX 256
/** Most states of one variable. */
#define AG_NETWORK_STATES_MAX 4096

typedef struct ag_network ag_network;
typedef struct ag_program ag_program;
typedef struct ag_query ag_query;

/* ---- The model ------------------------------------------------------------------------------- */

/** An empty network of `draw_count` parameter draws (1 to AG_NETWORK_DRAWS_MAX; 1 is an ordinary
 *  network). Caller frees with ag_network_free. */
ag_status ag_network_new(ag_network **out, int draw_count, ag_error *error);

/** Free the network. NULL is allowed. Programs compiled from it must be freed before. */
void ag_network_free(ag_network *network);

/** Add a variable with `state_count` states (1 to AG_NETWORK_STATES_MAX); `state_names` may be NULL
 *  (the states are then called s0, s1, ...). Names are copied; a variable's name and the names of
 * its states must be unique. Its number is stored in `*out` (may be NULL). AG_ERROR_NAME: empty or
 * used twice. AG_ERROR_VALUE: state count out of range. */
ag_status ag_network_add_variable(ag_network *network, const char *name, int state_count,
                                  const char *const *state_names, int *out, ag_error *error);

/** Give `child` a conditional probability table.
 *  `values` is [parent configurations][child states][draws], with the first parent slowest, so that
 *  the child's states of one configuration are one row. Each row is divided by its sum; rows whose
 *  sum is 1 within rounding are kept bit for bit. Replaces what `child` had.
 *  AG_ERROR_VALUE: a negative or non-finite value, a row of zeros, or a `draw_count` other than 1
 * or the network's. AG_ERROR_ARGUMENT: a parent that does not exist, is the child, or is named
 * twice. */
ag_status ag_network_set_table(ag_network *network, int child, const int *parents, int parent_count,
                               const double *values, int draw_count, ag_error *error);

/** Give `child` a deterministic table: `states[configuration]` is the child's state (first parent
 *  slowest). */
ag_status ag_network_set_rule(ag_network *network, int child, const int *parents, int parent_count,
                              const int *states, ag_error *error);

/** A table made ready once for many networks: checked, normalised and stored as they use it. */
typedef struct ag_network_table ag_network_table;

/** Make a table of `rows` rows, [rows][states][draws]; rows and errors as in ag_network_set_table.
 * Caller frees with ag_network_table_free. */
ag_status ag_network_table_new(ag_network_table **out, int state_count, size_t rows,
                               const double *values, int draw_count, ag_error *error);

/** Free a table; the networks that use it must no longer be run. NULL is allowed. */
void ag_network_table_free(ag_network_table *table);

/** As ag_network_set_table, with a table that is borrowed until the network is freed.
 * AG_ERROR_VALUE: it has other states, rows or draws. */
ag_status ag_network_set_shared_table(ag_network *network, int child, const int *parents,
                                      int parent_count, const ag_network_table *table,
                                      ag_error *error);

/** One parent of a noisy-MAX family. */
typedef struct ag_network_link {
    int parent;
    /** [parent states][child states][draws]: the distribution of this parent's own effect. A parent
     *  state without effect has all its weight on child state 0. */
    const double *values;
    int draw_count; /**< 1, or the network's */
} ag_network_link;

/** Give `child` a noisy-MAX family: the child is the greatest of the independent effects of its
 * parents and of a leak, its states being ordered with 0 = no effect (Henrion 1989; Diez 1993). A
 * binary child makes it a noisy-OR; links of zeros and ones make it a deterministic OR or MAX. The
 * family stays factored when compiled (Diez and Galan 2003): its cost grows with the sum of its
 * parents' states, not with their product. `leak` is [child states][draws], NULL for none. Rows as
 * in ag_network_set_table. */
ag_status ag_network_set_noisy_max(ag_network *network, int child, const ag_network_link *links,
                                   int link_count, const double *leak, int leak_draw_count,
                                   ag_error *error);

/** The number of variables. */
int ag_network_variable_count(const ag_network *network);
/** The number of parameter draws. */
int ag_network_draw_count(const ag_network *network);
/** A variable's name, borrowed until the network is freed. */
const char *ag_network_variable_name(const ag_network *network, int variable);
/** The number of states of a variable. */
int ag_network_state_count(const ag_network *network, int variable);
/** A state's name, borrowed until the network is freed. */
const char *ag_network_state_name(const ag_network *network, int variable, int state);
/** The number of a variable by its name; -1 when there is none. */
int ag_network_find_variable(const ag_network *network, const char *name);
/** The number of a state by its name; -1 when there is none. */
int ag_network_find_state(const ag_network *network, int variable, const char *name);
/** The parents of a variable in the order given, borrowed until its table is set anew. */
const int *ag_network_parents(const ag_network *network, int variable, int *out_count);
/** The stored table of a variable, one value per entry ([configurations][states], draw `draw`)
 * written to `out`, which holds `capacity` doubles; a noisy-MAX family is expanded.
 *  AG_ERROR_TOO_LARGE: it has more entries than `capacity`. */
ag_status ag_network_copy_table(const ag_network *network, int variable, int draw, double *out,
                                size_t capacity, ag_error *error);

/** Check that every variable has a table and that the arcs form no cycle. */
ag_status ag_network_check(const ag_network *network, ag_error *error);

/* ---- Files ----------------------------------------------------------------------------------- */

typedef enum ag_network_format {
    AG_NETWORK_BIF,    /**< interchange format 0.15, read and written */
    AG_NETWORK_UAI,    /**< UAI model (BAYES), read and written; names are lost */
    AG_NETWORK_NET,    /**< HUGIN NET, read and written */
    AG_NETWORK_XMLBIF, /**< XMLBIF 0.3, written */
    AG_NETWORK_XDSL    /**< GeNIe and SMILE, written; noisy-MAX families are kept as such */
} ag_network_format;

/** The format that a file name ends in (.bif, .uai, .net, .xmlbif, .xml, .xdsl, each also with
 * .gz). */
ag_status ag_network_format_of(ag_network_format *out, const char *path, ag_error *error);

/** Read a network from a file, plain or gzip. Numbers are read exactly; each row is then divided by
 * its sum (see ag_network_set_table), and refused where the sum is off by more than 0.01. Errors
 * carry line and column. Caller frees with ag_network_free. */
ag_status ag_network_read(ag_network **out, const char *path, ag_error *error);

/** The same from `length` bytes of text. */
ag_status ag_network_parse(ag_network **out, ag_network_format format, const char *text,
                           size_t length, ag_error *error);

/** Write draw 0 of a network to a file, gzipped where the name ends in .gz. Numbers are written so
 * that they read back as the same doubles. */
ag_status ag_network_write(const ag_network *network, const char *path, ag_error *error);

/** The same as a text; caller frees with free(). */
ag_status ag_network_print(const ag_network *network, ag_network_format format, char **out,
                           size_t *out_length, ag_error *error);

/* ---- The compiled model ---------------------------------------------------------------------- */

/** When hard evidence is cut out of the model and the order searched anew. */
typedef enum ag_slicing {
    AG_SLICING_AUTO,  /**< where it is expected to pay */
    AG_SLICING_NEVER, /**< one fixed program for every set of observed variables */
    AG_SLICING_ALWAYS /**< a program of its own for every set of observed variables, and none before
                           the first is known: no order is searched, sizes are 0 */
} ag_slicing;

typedef struct ag_program_options {
    size_t size;         /**< sizeof(ag_program_options), set by the defaults */
    size_t memory_limit; /**< most bytes that one query may need; default 4 GiB */
    int effort;          /**< further elimination orders to try; -1, the default: 8 to 64 by size */
    uint64_t seed;       /**< of the random ties in that search */
    ag_slicing slicing;  /**< default AG_SLICING_AUTO */
    const int *order;    /**< an order from ag_program_order to use instead of a search, or NULL */
    int order_count;     /**< its length */
} ag_program_options;

ag_program_options ag_program_options_defaults(void);

/** Compile a network. The network must not change, and must live, while the program does. `options`
 * may be NULL. Caller frees with ag_program_free. AG_ERROR_VALUE: a variable without a table, a
 * cycle. */
ag_status ag_program_compile(ag_program **out, const ag_network *network,
                             const ag_program_options *options, ag_error *error);

/** Free the program. NULL is allowed. Its queries must be freed before. */
void ag_program_free(ag_program *program);

/** The network that was compiled, borrowed. */
const ag_network *ag_program_network(const ag_program *program);

/** Where the states of a variable start among the states of all, and how many there are in all. */
size_t ag_program_state_offset(const ag_program *program, int variable);
size_t ag_program_state_total(const ag_program *program);

/** Sizes of the program that serves a query without evidence. */
typedef struct ag_program_size {
    double table_entries;   /**< sum over elimination steps of the entries combined */
    double largest_table;   /**< the greatest of these */
    double workspace_bytes; /**< memory of one query that uses it */
    double program_bytes;   /**< memory of the compiled program itself */
    int steps;              /**< elimination steps */
} ag_program_size;

/** The sizes of the compiled program. */
ag_program_size ag_program_sizes(const ag_program *program);

/** The elimination order in use: `*out_count` numbers, borrowed until the program is freed. Numbers
 * at or above the variable count are the auxiliary variables of noisy-MAX families, in child order.
 */
const int *ag_program_order(const ag_program *program, int *out_count);

/* ---- Evidence and answers -------------------------------------------------------------------- */

/** A query without evidence. Not to be shared between threads at the same time. Caller frees with
 *  ag_query_free. The program must live while the query does. */
ag_status ag_query_new(ag_query **out, const ag_program *program, ag_error *error);

/** Scratch memory that queries of one thread use one after another: a large block is then obtained
 * from the system once, and not once a query. */
typedef struct ag_workspace ag_workspace;

/** Caller frees with ag_workspace_free. NULL when out of memory. */
ag_workspace *ag_workspace_new(void);

/** Free it; queries that use it must be freed before. NULL is allowed. */
void ag_workspace_free(ag_workspace *workspace);

/** Give back what it holds beyond `bytes`. */
void ag_workspace_trim(ag_workspace *workspace, size_t bytes);

/** Room for `count` doubles of any value in it for other work between runs, borrowed until it is
 * used again in any way. NULL when out of memory. */
double *ag_workspace_room(ag_workspace *workspace, size_t count);

/** Have the query, not yet run, work in a workspace, borrowed until the query is freed. */
void ag_query_use_workspace(ag_query *query, ag_workspace *workspace);

/** Free the query. NULL is allowed. */
void ag_query_free(ag_query *query);

/** Hard evidence: the variable is in `state`. Replaces what was set for the variable. */
ag_status ag_query_set_state(ag_query *query, int variable, int state, ag_error *error);

/** Likelihood (virtual) evidence: `values` is [states][draws], P(observation | state) up to a
 * factor that is the same for all states and draws. That factor counts in the log evidence. Finite,
 * not negative, not all zero in any draw. `draw_count` is 1 or the network's. */
ag_status ag_query_set_likelihood(ag_query *query, int variable, const double *values,
                                  int draw_count, ag_error *error);

/** Intervention do(variable = state): the variable is set from outside, its parents no longer
 * matter. */
ag_status ag_query_set_intervention(ag_query *query, int variable, int state, ag_error *error);

/** Take back what was set for the variable. */
ag_status ag_query_retract(ag_query *query, int variable, ag_error *error);

/** Take back everything. */
void ag_query_retract_all(ag_query *query);

/** Compute in later runs the posterior marginals of these variables only; those of others may not
 * be read. NULL: of all, as at first. */
ag_status ag_query_ask(ag_query *query, const int *variables, int count, ag_error *error);

/** The program that the query was made for. */
const ag_program *ag_query_program(const ag_query *query);

/** The state set as hard evidence or by intervention; -1 when there is none. */
int ag_query_state(const ag_query *query, int variable);

/** Replace all evidence by that of a UAI evidence text ("count variable state ..."). */
ag_status ag_query_read_uai_evidence(ag_query *query, const char *text, size_t length,
                                     ag_error *error);

/** The hard evidence as a UAI evidence text; caller frees with free(). */
ag_status ag_query_print_uai_evidence(const ag_query *query, char **out, ag_error *error);

/** Compute P(evidence) and all posterior marginals of every draw.
 *  The first run with a new set of observed variables may compile a program for that set and keep
 * it; later runs with it change values only and allocate nothing. AG_ERROR_IMPOSSIBLE: the evidence
 * has probability 0 (in every draw; a single draw with probability 0 has log evidence -INFINITY and
 * marginals 0). AG_ERROR_TOO_LARGE: the memory limit would be passed; the message says what would
 * be needed. After an error no answers may be read. */
ag_status ag_query_run(ag_query *query, ag_error *error);

/** Whether a run with the evidence as it is set now keeps within the memory limit while nothing is
 * left out as not needed. AG_ERROR_TOO_LARGE where it does not. Runs nothing. */
ag_status ag_query_fit(ag_query *query, ag_error *error);

/** Compute log P(evidence) only, at a third of the cost or less. Marginals may not be read after
 * it. */
ag_status ag_query_run_evidence(ag_query *query, ag_error *error);

/** Many cases at once, side by side in vector lanes. `states` is [cases][variables]: the observed
 * state, or -1 where the case says nothing (then what is set in the query holds). Fills
 * `log_evidence` [cases]
 *  (-INFINITY for an impossible case) and, unless it is NULL, `marginals` [cases][all states] (the
 * states of variable v start at ag_program_state_offset; zeros for an impossible case). The answers
 * do not depend on how cases are cut into batches. Networks with noisy-MAX families are worked
 * through one by one. AG_ERROR_VALUE: a state that does not exist. AG_ERROR_ARGUMENT: the network
 * has parameter draws. */
ag_status ag_query_run_batch(ag_query *query, const int *states, size_t cases, double *log_evidence,
                             double *marginals, ag_error *error);

/** Natural logarithm of P(evidence) of draw `draw`, from the last run. */
double ag_query_log_evidence(const ag_query *query, int draw);

/** P(variable = state | evidence), [states][draws], borrowed until the next run. */
const double *ag_query_marginal(const ag_query *query, int variable);

/** The marginals of all variables from the last run, one behind the other, taken out of the query,
 * which may then only be freed. Caller frees with free(). */
double *ag_query_take_marginals(ag_query *query);

/** After AG_ERROR_IMPOSSIBLE: an irreducible set of conflicting findings. Fills `variables` (room
 * for `capacity`) and `*out_count`: their evidence together has probability 0, and taking back any
 * one of them makes it positive. Evidence stays as it was; the answers of the last run are lost.
 *  AG_ERROR_ARGUMENT: the evidence is possible, or `capacity` is too small. */
ag_status ag_query_conflict(ag_query *query, int *variables, int capacity, int *out_count,
                            ag_error *error);

/* ---- Cases and answers as JSON --------------------------------------------------------------- */

/** Replace all evidence by that of one case, a JSON object:
 *  {"evidence": {"node": "state", ...}, "likelihood": {"node": [one number per state], ...}}, both
 * optional. Errors carry the column; the evidence is then incomplete. */
ag_status ag_query_read_case(ag_query *query, const char *json, size_t length, ag_error *error);

/** The answers of the last run (draw 0) as one line of JSON without its end:
 *  {"log_evidence": x, "marginals": {"node": [p per state], ...}}. Caller frees with free(). */
ag_status ag_query_print_marginals(const ag_query *query, char **out, ag_error *error);

/** {"log_joint": x, "assignment": {"node": "state", ...}}. Caller frees with free(). */
ag_status ag_network_print_assignment(const ag_network *network, const int *states,
                                      double log_joint, char **out, ag_error *error);

/** {"error": message, "column": c, "conflict": ["node", ...]}: what was wrong with a case; without
 * a column where there is none, without a conflict where `count` is 0. Caller frees with free(). */
ag_status ag_network_print_conflict(const ag_network *network, const ag_error *fault,
                                    const int *variables, int count, char **out, ag_error *error);

/* ---- Further questions ------------------------------------------------------------------------
 */

/** The most probable states of all variables together, given the evidence, under parameter draw
 * `draw` (0 for an ordinary network): `states` [variables] and the natural logarithm of P(states,
 * evidence). The first of equals is taken. Noisy-MAX families are written out for it.
 *  AG_ERROR_IMPOSSIBLE; AG_ERROR_TOO_LARGE: a noisy-MAX family of more than 4 million entries. The
 * answers of the last run are lost. */
ag_status ag_query_most_probable(ag_query *query, int draw, int *states, double *out_log_joint,
                                 ag_error *error);

/** P(variables | evidence) of a few variables together: `out` is [configurations][draws], the first
 *  variable slowest. Evidence on these variables counts. One run up per configuration, of which
 * there may be a million. The answers of the last run are lost, here and in the functions below. */
ag_status ag_query_joint(ag_query *query, const int *variables, int count, double *out,
                         ag_error *error);

/** Soft evidence: a variable shall have this posterior distribution ([states], sum 1). */
typedef struct ag_soft_evidence {
    int variable;
    const double *distribution;
} ag_soft_evidence;

/** Run with soft evidence by Jeffrey's rule, several at once by iterative proportional fitting,
 * beside the evidence set. What was set for these variables is replaced by the likelihoods that
 * bring the distributions about, which stay set; marginals may be read, log evidence has no
 * meaning. AG_ERROR_IMPOSSIBLE: a distribution asks for what the rest rules out. */
ag_status ag_query_run_soft(ag_query *query, const ag_soft_evidence *soft, int count,
                            ag_error *error);

/** The derivatives of all posteriors, P(v = s | evidence), by one entry of a table (row and state
 * as in ag_network_set_table), the other entries being held: `out` is [all states][draws] as in
 *  ag_program_state_offset, or NULL; `out_log` [draws] is the derivative of log P(evidence). Two
 * runs. */
ag_status ag_query_sensitivity(ag_query *query, int variable, size_t row, int state, double *out,
                               double *out_log, ag_error *error);

/** The mutual information of every variable with `target` given the evidence, in nats: `out` is
 *  [variables][draws]. One run per state of the target. */
ag_status ag_query_mutual_information(ag_query *query, int target, double *out, ag_error *error);

/** The conflict measure of the evidence (Jensen 1990): the sum of log P(finding) over the findings,
 * each alone, less log P(evidence); above 0 where the findings speak against each other. `out` is
 * [draws]. */
ag_status ag_query_conflict_measure(ag_query *query, double *out, ag_error *error);

/** Bytes of memory that this query holds now. */
size_t ag_query_memory(const ag_query *query);

#ifdef __cplusplus
}
#endif
#endif
