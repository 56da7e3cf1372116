/** What must not leave this process, whoever asks. */
@NullMarked
package org.capitania.registry.secrets;

import org.jspecify.annotations.NullMarked;
