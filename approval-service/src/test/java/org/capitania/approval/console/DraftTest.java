package org.capitania.approval.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.capitania.approval.proposal.Frozen;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ProposalView;
import org.capitania.contract.event.FrozenCall;
import org.junit.jupiter.api.Test;

class DraftTest {
    private static final Instant AT = Instant.parse("2026-11-20T09:12:00Z");

    @Test
    void shouldShowEachRecipientOnceByName() {
        Draft draft = draft(List.of("rui@cafe.example"), "Rui Falcão <rui@cafe.example>", "cc Ana <ana@cafe.example>");

        assertThat(draft.to()).containsExactly("Rui Falcão <rui@cafe.example>");
        assertThat(draft.cc()).containsExactly("Ana <ana@cafe.example>");
    }

    @Test
    void shouldLeaveNobodyOutWhomTheRenderingDoesNotName() {
        Draft draft = draft(
                List.of("RUI@cafe.example", "eve@elsewhere.example", "xn@b\u00fccher.example"),
                "Rui <eve@elsewhere.example> <rui@cafe.example>");

        assertThat(draft.to())
                .containsExactly(
                        "Rui <eve@elsewhere.example> <rui@cafe.example>",
                        "eve@elsewhere.example",
                        "xn@b[U+00FC]cher.example");
    }

    @Test
    void shouldKnowAnAddressWhoseDomainIsExplained() {
        assertThat(draft(List.of("a@xn--bcher-kva.example"), "<a@xn--bcher-kva.example> (bücher.example)")
                        .to())
                .hasSize(1);
    }

    private static Draft draft(List<String> to, String... rendered) {
        ObjectNode arguments = Frozen.arguments("Re: Olá", "Olá");
        arguments.putArray("to").removeAll();
        to.forEach(arguments.withArray("to")::add);
        return Draft.of(new ProposalView(
                UUID.randomUUID().toString(),
                "email_send",
                "chief",
                ProposalStatus.PENDING,
                "outbound",
                "Mail",
                null,
                null,
                AT,
                AT,
                null,
                arguments,
                1,
                "digest",
                false,
                null,
                null,
                null,
                null,
                new FrozenCall.Rendering("Mail", List.of(rendered), "Re: Olá", "Olá", "Olá", List.of()),
                null,
                null,
                null));
    }
}
