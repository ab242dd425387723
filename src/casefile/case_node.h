/** @file case_node.h A case that stands within another file, such as a case with its diagnosis. */
#ifndef AG_CASE_NODE_H
#define AG_CASE_NODE_H

#include "antegrade/patient.h"
#include "yaml_tree.h"

/** As ag_patient_read_case, from a node, which must live as long as the patient. Lines in messages
 * are those of the node's file. */
ag_status ag_patient_read_node(ag_patient **out, const ag_vocabulary *vocabulary,
                               const ag_node *root, const ag_patient_options *options,
                               ag_error *error);

#endif
