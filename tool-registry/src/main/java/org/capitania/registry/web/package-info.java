/** Pages of the web, fetched so that nobody can be made to look into our own network; whatever they say is untrusted. */
@NullMarked
package org.capitania.registry.web;

import org.jspecify.annotations.NullMarked;
