package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.capitania.registry.catalogue.Risk;
import org.capitania.registry.graduation.Graduations;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.plain.PlainLanguage;
import org.capitania.registry.risk.CallRisk;
import org.capitania.registry.risk.RiskClass;
import org.capitania.registry.risk.RiskList;
import org.capitania.servicekit.Sql;

/**
 * What becomes of a call that passed every check. An agent's call waits for a person when it falls under a line of the reviewed list, or leaves
 * the company without having been graduated; what a tool calls gated waits whoever asks.
 */
@ApplicationScoped
class RiskRule {

    /** The ways on. */
    enum Way {
        EXECUTE,
        FREEZE,
        /** It is outward and graduated: done, if it still may once it is composed. */
        GRADUATED
    }

    /**
     * The verdict.
     *
     * @param risk the class that is named first to the owner
     * @param warnings why, in our words
     */
    record Verdict(Way way, RiskClass risk, List<String> warnings) {}

    private final Sql sql;
    private final CallRisk list;
    private final Graduations graduations;
    private final PlainLanguage plain;

    RiskRule(Sql sql, CallRisk list, Graduations graduations, PlainLanguage plain) {
        this.plain = plain;
        this.sql = sql;
        this.list = list;
        this.graduations = graduations;
    }

    /** The verdict on a call, and on what it was drafted to where it is one that is. What people will read is refused once if it is not plain. */
    Verdict of(Call call, Optional<Draft> draft) {
        Risk own = call.verb().risk();
        if (call.human()) {
            // Graph lines and warnings are for agents' calls; what is gated is looked at once more all the same.
            return new Verdict(own == Risk.GATED ? Way.FREEZE : Way.EXECUTE, RiskClass.GATED, List.of());
        }
        List<RiskList.Hit> hits = list.hits(call, draft);
        List<String> warnings = warnings(hits);
        List<String> unplain = plain.warnings(call, draft);
        warnings.addAll(unplain);
        if (!hits.isEmpty()) {
            return new Verdict(Way.FREEZE, hits.getFirst().risk(), warnings);
        }
        return switch (own) {
            case DIRECT -> new Verdict(Way.EXECUTE, RiskClass.GATED, List.of());
            case GATED -> new Verdict(Way.FREEZE, RiskClass.GATED, warnings);
            case OUTBOUND -> {
                boolean covered = unplain.isEmpty() && sql.tx(call.scope(), tx -> graduations.covers(tx, call));
                yield new Verdict(covered ? Way.GRADUATED : Way.FREEZE, RiskClass.OUTBOUND, warnings);
            }
        };
    }

    /** What a person's edit would fall under, for the owner to read. */
    List<String> warnings(Call call, Draft draft) {
        return warnings(list.hits(call, Optional.of(draft)));
    }

    private static List<String> warnings(List<RiskList.Hit> hits) {
        List<String> warnings = new ArrayList<>();
        hits.forEach(hit -> warnings.add(hit.says() + " (" + hit.line() + ")"));
        return warnings;
    }
}
