package org.capitania.contract.event;

import org.jspecify.annotations.Nullable;

/**
 * The text of a node that is embedded is new or has changed ({@code nodes.text_changed}); key: the node.
 *
 * @param textHash SHA-256 of the text; absent when there is none any more
 */
public record TextChanged(String id, String type, @Nullable String textHash) {
    public static final String TYPE = "nodes.text_changed";
}
