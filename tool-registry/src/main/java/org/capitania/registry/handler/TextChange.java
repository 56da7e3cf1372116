package org.capitania.registry.handler;

import org.jspecify.annotations.Nullable;

/**
 * The whole text of a file as it was when a change of it was drafted, and as the draft makes it, for rules that ask what becomes of it and not
 * how the change is worded. A draft is done only while the file still is what it was drafted from, so that what is judged by this is what is done.
 *
 * @param before nothing for a file that was not there; null for one that was no text, of which nobody can say what it loses
 */
public record TextChange(@Nullable String before, String after) {}
