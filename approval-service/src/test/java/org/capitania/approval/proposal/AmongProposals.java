package org.capitania.approval.proposal;

import jakarta.inject.Inject;
import java.util.UUID;
import org.capitania.contract.event.FrozenCall;
import org.capitania.testkit.FakePeers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test beside which a registry is played that freezes calls, each time anew. */
abstract class AmongProposals {
    @Inject
    Arrivals arrivals;

    FakePeers peers;
    FakeRegistry registry;

    @BeforeEach
    final void playPeers() {
        peers = FakePeers.listen();
        registry = new FakeRegistry(peers);
    }

    @AfterEach
    final void stopPeers() {
        peers.close();
    }

    final FrozenCall frozen() {
        return registry.freeze(Frozen.reply(UUID.randomUUID()));
    }
}
