package org.capitania.watchdog.checks;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.capitania.contract.CapitaniaException;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;
import org.capitania.watchdog.incidents.Incidents;
import org.capitania.watchdog.incidents.Report;
import org.capitania.watchdog.remedies.StopStuckRun;

/** Lets every check look in its own rhythm, and files what it finds. */
@ApplicationScoped
public class Rounds {
    private final Instance<Check> checks;
    private final Tenants tenants;
    private final Sql sql;
    private final Incidents incidents;
    private final StopStuckRun remedy;
    private final Clock clock;
    private volatile Instant lastRound;

    Rounds(Instance<Check> checks, Tenants tenants, Sql sql, Incidents incidents, StopStuckRun remedy, Clock clock) {
        this.checks = checks;
        this.tenants = tenants;
        this.sql = sql;
        this.incidents = incidents;
        this.remedy = remedy;
        this.clock = clock;
        this.lastRound = clock.instant();
    }

    void start(@Observes StartupEvent event, Loops loops) {
        lastRound = clock.instant();
        for (Check check : checks) {
            loops.every("check-" + check.name(), check.every(), () -> tenants.each(tenant -> look(tenant, check)));
        }
    }

    /** When a check was last carried out to its end: a watchdog that does not look is no watchdog. */
    public Instant lastRound() {
        return lastRound;
    }

    private void look(String tenant, Check check) {
        List<Finding> findings;
        try {
            findings = check.look(tenant);
        } catch (CapitaniaException e) {
            Log.debugf("check cannot tell name=%s why=%s", check.name(), e.detail());
            lastRound = clock.instant();
            return;
        }
        Scope scope = Scope.of(tenant, "system:watchdog", "check " + check.name());
        Map<Finding, UUID> filed = sql.tx(scope, tx -> {
            Map<Finding, UUID> ids = new HashMap<>();
            for (Finding finding : findings) {
                ids.put(
                        finding,
                        incidents.file(
                                tx,
                                new Report(
                                        check.name(),
                                        finding.subject(),
                                        true,
                                        finding.tier(),
                                        finding.detail(),
                                        finding.role(),
                                        null)));
            }
            incidents.clearOthers(
                    tx, check.name(), findings.stream().map(Finding::subject).collect(Collectors.toSet()));
            return ids;
        });
        filed.forEach((finding, incident) -> {
            if (finding.stuckRun() != null) {
                remedy.stop(scope, incident, finding.stuckRun(), finding.detail());
            }
        });
        lastRound = clock.instant();
    }
}
