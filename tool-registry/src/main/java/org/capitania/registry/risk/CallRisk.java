package org.capitania.registry.risk;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.capitania.registry.graph.Contracts;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.graph.TenantTypes;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.secrets.Scrubber;

/** Which lines of the list a call falls under. */
@ApplicationScoped
public class CallRisk {
    private final RiskList list;
    private final Graph graph;
    private final TenantTypes types;
    private final Contracts contracts;
    private final Letters letters;
    private final Scrubber scrubber;

    CallRisk(RiskList list, Graph graph, TenantTypes types, Contracts contracts, Letters letters, Scrubber scrubber) {
        this.list = list;
        this.graph = graph;
        this.types = types;
        this.contracts = contracts;
        this.letters = letters;
        this.scrubber = scrubber;
    }

    /**
     * The lines, in the order of the list.
     *
     * @param draft what the call was composed to, which is judged: a file may be another one by now. Empty for a call that is not drafted
     */
    public List<RiskList.Hit> hits(Call call, Optional<Draft> draft) {
        return list.hits(
                call.tool().name(),
                call.verb().name(),
                call.verb().changes(),
                call.arguments(),
                new CallFacts(call, graph, types, contracts, letters, scrubber, draft));
    }
}
