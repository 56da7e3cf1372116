package org.capitania.contract;

import org.jspecify.annotations.Nullable;

/**
 * One thing wrong in an input.
 *
 * @param path where, as a JSON pointer such as {@code /ops/0/props/subject}
 * @param type the type of node or edge that was to be written, where it is one
 * @param found what stood there
 * @param allowed what may stand there
 * @param message both in one sentence
 */
public record FieldError(
        String path,
        @Nullable String type,
        @Nullable String found,
        @Nullable String allowed,
        String message) {

    public FieldError(String path, @Nullable String found, @Nullable String allowed, String message) {
        this(path, null, found, allowed, message);
    }
}
