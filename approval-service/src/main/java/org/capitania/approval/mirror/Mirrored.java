package org.capitania.approval.mirror;

import org.capitania.contract.api.MutationBatch;

/** What a row of this service looks like as a node. */
interface Mirrored {
    String SOURCE = "approval";

    /** How often the row has changed, with its beginning. */
    int steps();

    /** Whether the node has an edge. */
    boolean linked();

    /** The node, and its edge if it is to be linked; one that is there already stays as it is. The node comes first. */
    MutationBatch create(boolean linked);

    /** The node as it has to look now, if it is still at the version this service left it at. */
    MutationBatch update(String node, int version);
}
