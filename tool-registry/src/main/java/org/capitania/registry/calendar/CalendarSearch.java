package org.capitania.registry.calendar;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.graph.Insiders;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.registry.mail.Address;
import org.capitania.servicekit.Scope;

/** Finds appointments by words and by who took part, the newest first; one that recurs is one line, at its first time. */
@ApplicationScoped
class CalendarSearch implements ToolHandler {
    private final Calendar calendar;
    private final Graph graph;
    private final Insiders company;

    CalendarSearch(Calendar calendar, Graph graph, Insiders company) {
        this.calendar = calendar;
        this.graph = graph;
        this.company = company;
    }

    @Override
    public String tool() {
        return "calendar_search";
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public Result call(Call call) {
        ZoneId zone = company.zone(call.scope());
        String attendee = call.textOrNull("attendee");
        Predicate<Entry> with = attendee == null ? entry -> true : with(call.scope(), Address.key(attendee.strip()));
        List<Entry> entries = calendar.nodes(call.scope(), call.textOrNull("query")).stream()
                .flatMap(node -> Entry.of(node, zone).stream())
                .filter(with)
                .sorted(Comparator.comparing(Entry::start)
                        .reversed()
                        .thenComparing(entry -> entry.node().id()))
                .toList();
        return Calendar.answer(entries, call.number("limit", 20), zone);
    }

    /** Whether somebody takes part: the node says the address, or is linked to the contact that has it. */
    private Predicate<Entry> with(Scope scope, String address) {
        Set<String> linked = graph
                .contact(scope, address)
                .map(NodeView::id)
                .map(contact -> graph.linked(scope, contact, "has_participant", EdgeView.Direction.IN))
                .orElse(List.of())
                .stream()
                .map(NodeView.Brief::id)
                .collect(Collectors.toSet());
        return entry -> linked.contains(entry.node().id())
                || entry.people().map(Address::key).anyMatch(address::equals);
    }
}
