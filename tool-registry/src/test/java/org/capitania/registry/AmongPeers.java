package org.capitania.registry;

import org.capitania.testkit.FakePeers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test whose peers are played, each time anew: a graph, approval-service, and the guardians, who live. */
public abstract class AmongPeers {
    protected FakePeers peers;
    protected FakeGraph graph;
    protected FakeApprovals approvals;

    @BeforeEach
    protected final void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        approvals = new FakeApprovals(peers);
        Fleet.guardiansLive();
    }

    @AfterEach
    protected final void stopPeers() {
        peers.close();
    }
}
