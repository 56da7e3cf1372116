package org.capitania.approval.proposal;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ProposalView;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.orm.Orm;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(
        value = FleetInfra.class,
        initArgs = {
            @ResourceArg(name = "service", value = "approval-service"),
            @ResourceArg(name = "peers", value = "fake")
        })
class ProposalQueriesIT {
    @Inject
    Arrivals arrivals;

    @Inject
    Orm orm;

    @Inject
    ProposalStore store;

    @Inject
    ProposalQueries queries;

    @Test
    void shouldShowNoStepBeyondItsStatusWhenItMovesWhileItIsRead() {
        try (FakePeers peers = FakePeers.listen()) {
            // Given: who counted a step that the status does not show would never look again
            UUID id = arrivals.arrive(new FakeRegistry(peers).freeze(Frozen.reply(UUID.randomUUID())));
            Scope scope = Scope.of("main", "user:owner", null);
            ProposalRow read = orm.tx(scope, tx -> store.find(tx, id));
            // When
            arrivals.approve(id);
            ProposalView view = orm.tx(scope, tx -> queries.view(tx, read));
            // Then
            assertThat(view.status()).isEqualTo(ProposalStatus.PENDING);
            assertThat(view.history()).extracting(ProposalView.Step::status).containsExactly(ProposalStatus.PENDING);
        }
    }
}
