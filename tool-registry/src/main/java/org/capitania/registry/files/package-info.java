/** The company's files as agents read and write them: one root a tenant, walked by directory handles that follow no link. */
@NullMarked
package org.capitania.registry.files;

import org.jspecify.annotations.NullMarked;
