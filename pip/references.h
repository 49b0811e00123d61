/* references.h: every place of a file that may refer to code, found by what it refers to. A file of
 * 10 MB has some 100,000 of them and a question is about few, so they are put in order only where
 * somebody looks. */
#ifndef SWITCHLAB_PIP_REFERENCES_H
#define SWITCHLAB_PIP_REFERENCES_H

#include "pip/flow.h"

struct pip_references;
struct pip_references *pip_references_new(const struct pip_arch *, const struct pip_image *);
void pip_references_free(struct pip_references *);
/* those whose targets lie in [start, end), by target and then by site */
struct pip_reference *pip_references_to(struct pip_references *, uint64_t start, uint64_t end,
                                        size_t *count);

#endif
