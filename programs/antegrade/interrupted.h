/**
 * @file interrupted.h
 * What is half written is removed where the user (Ctrl-C) or the system ends the program before its
 * end; it then ends as by that signal. Signals that are ignored stay so.
 */
#ifndef AG_INTERRUPTED_H
#define AG_INTERRUPTED_H

/** Files that may be half written at one time. */
typedef enum ag_half_written { AG_HALF_OUTPUT, AG_HALF_FACTS, AG_HALF_FILES } ag_half_written;

/** From now on SIGINT, SIGTERM and SIGHUP do so, and say `said` on standard error; borrowed to the
 * end of the program. */
void ag_interrupted_start(const char *said);

/** `name` is half written, borrowed until this is called again with NULL: it is whole or gone. */
void ag_interrupted_file(ag_half_written which, const char *name);

#endif
