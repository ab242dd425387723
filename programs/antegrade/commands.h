/**
 * @file commands.h
 * The table of the program's commands and their options. Parsing, help, the man page and the
 * completions of shells are all made from it.
 */
#ifndef AG_COMMANDS_H
#define AG_COMMANDS_H

/** Exit status of the program. */
typedef enum ag_exit {
    AG_EXIT_DONE = 0,
    AG_EXIT_INPUT = 1,  /**< the input is bad: nothing was done */
    AG_EXIT_USAGE = 2,  /**< the command line is wrong */
    AG_EXIT_PARTLY = 3, /**< some inputs were done, others were bad */
} ag_exit;

/** One option of a command. */
typedef struct ag_option {
    const char *name;     /**< long name, without dashes; NULL ends a list */
    char letter;          /**< short name; 0 when it has none */
    const char *argument; /**< what stands for its argument in help; NULL when it takes none */
    const char *values;   /**< the words that its argument may be, separated by spaces, or NULL */
    const char *help;     /**< one phrase */
} ag_option;

/** One command. */
typedef struct ag_command {
    const char *name;
    const char *operands; /**< as help shows them: "FILE..." */
    const char *summary;  /**< one phrase, for lists */
    const char *about;    /**< a paragraph, for its own help and the man page */
    const char *words;    /**< the words that its first operand may be, or NULL: files */
    const ag_option *options;
    int (*run)(int argc, char **argv); /**< argv[0] is the command's name; returns an ag_exit */
} ag_command;

/** All commands, in the order of help; the last has the name NULL. */
extern const ag_command ag_commands[];

/** The options that every command takes. */
extern const ag_option ag_common_options[];

/** The command of that name, or NULL. */
const ag_command *ag_command_find(const char *name);

/** The name in `names` (ended by NULL) nearest to `word`, or NULL where none is near. */
const char *ag_nearest_name(const char *word, const char *const names[]);

int ag_command_assess(int argc, char **argv);
int ag_command_ask(int argc, char **argv);
int ag_command_cards(int argc, char **argv);
int ag_command_leaflet(int argc, char **argv);
int ag_command_learn(int argc, char **argv);
int ag_command_network(int argc, char **argv);
int ag_command_screen(int argc, char **argv);
int ag_command_serve(int argc, char **argv);
int ag_command_simulate(int argc, char **argv);
int ag_command_store(int argc, char **argv);
int ag_command_validate(int argc, char **argv);

#endif
