/** What is made from the graph for agents to read: the files of projects, and the indexes of what the company does. */
@NullMarked
package org.capitania.registry.projects;

import org.jspecify.annotations.NullMarked;
