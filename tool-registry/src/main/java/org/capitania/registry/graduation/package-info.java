/** What the owner lets an agent send without asking each time: per agent, action and scope, until it ends or is taken back. */
@NullMarked
package org.capitania.registry.graduation;

import org.jspecify.annotations.NullMarked;
