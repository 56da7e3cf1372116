/** The doors through which agents register and people pause, resume and restart them. */
@NullMarked
package org.capitania.supervisor.control;

import org.jspecify.annotations.NullMarked;
