/**
 * @file anatomy.h
 * The one drawing of the tract, side view, the man facing left, 440 wide and 360 high: organs, the
 * ways that semen can take, and the names. Colours come from the style variables --tissue,
 * --tissue-line and --soft of the document that it stands in.
 */
#ifndef AG_ANATOMY_H
#define AG_ANATOMY_H

/** SVG elements of the organs, in the order in which they lie over each other. */
extern const char ag_anatomy_organs[];

/** A name beside its organ. */
typedef struct ag_anatomy_name {
    const char *english; /**< a message */
    int x, y;
    const char *anchor; /**< start, middle or end */
    const char *leader; /**< path of a thin line to the organ; "" for none */
} ag_anatomy_name;

enum { AG_ANATOMY_NAMES = 9 };
extern const ag_anatomy_name ag_anatomy_names[AG_ANATOMY_NAMES];

#endif
