package org.capitania.ingest.intake;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** Decides to which thread and which entities a mail belongs, and keeps the decision. */
@ApplicationScoped
class PlanLink {
    private final Threads threads;
    private final GraphLookups graph;
    private final EmailStore emails;
    private final Sql sql;

    PlanLink(Threads threads, GraphLookups graph, EmailStore emails, Sql sql) {
        this.threads = threads;
        this.graph = graph;
        this.emails = emails;
        this.sql = sql;
    }

    LinkPlan plan(Scope scope, EmailRow email) {
        Optional<Threads.Thread> fromGraph = threads.ask(scope, email);
        Map<String, String> entities = entities(scope, email);
        return sql.tx(scope, tx -> {
            Threads.Thread thread = threads.decide(tx, email, fromGraph);
            LinkPlan plan = new LinkPlan(thread.root(), thread.conversationId(), entities);
            emails.linked(tx, email.id(), plan);
            // Another worker may have decided in between; what is kept counts.
            return emails.byId(tx, email.id()).map(EmailRow::plan).orElse(plan);
        });
    }

    private Map<String, String> entities(Scope scope, EmailRow email) {
        Map<String, String> byAddress = new LinkedHashMap<>();
        Map<String, Optional<String>> byDomain = new HashMap<>();
        for (String address : MailPeople.of(email.mail()).byAddress().keySet()) {
            String domain = MailPeople.domain(address);
            Optional<String> entity = FreeMail.is(domain) || domain.endsWith(".invalid")
                    ? Optional.empty()
                    : byDomain.computeIfAbsent(domain, d -> graph.entityOf(scope, d));
            boolean sender = address.equals(email.mail().from().address());
            entity.or(() -> sender ? graph.employer(scope, address) : Optional.empty())
                    .ifPresent(id -> byAddress.put(address, id));
        }
        return byAddress;
    }
}
