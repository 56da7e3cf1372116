package org.capitania.registry.files;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Predicate;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.curation.Reach;
import org.capitania.registry.handler.Call;

/** The files a caller may see that fit a pattern. */
@ApplicationScoped
class Reading {
    private final Reach reach;
    private final Workspaces workspaces;

    Reading(Reach reach, Workspaces workspaces) {
        this.reach = reach;
        this.workspaces = workspaces;
    }

    /** Those below {@code under} that the pattern takes; what the caller's role does not read is as if it were not there. */
    List<Workspace.Entry> files(Call call, String pattern) {
        FilePath under = FilePath.directory(call.textOrNull("under") == null ? "" : call.text("under"));
        if (!call.human() && !reach.readsBelow(call.role(), under.toString())) {
            throw new CapitaniaException(ErrorCode.CROSS_SCOPE_VIOLATION, call.role() + " reads nothing below " + under)
                    .withHint("ask an agent that does with hq_agent");
        }
        Glob glob = Glob.of(pattern);
        int skipped = under.names().size();
        return below(
                call,
                under,
                path -> glob.matches(
                        new FilePath(path.names().subList(skipped, path.names().size()))));
    }

    /** The wanted ones below a directory; what the caller's role does not read is as if it were not there. */
    List<Workspace.Entry> below(Call call, FilePath directory, Predicate<FilePath> wanted) {
        return workspaces.read(
                call.scope().tenant(),
                workspace -> workspace.below(
                        directory,
                        path -> wanted.test(path) && (call.human() || reach.reads(call.role(), path.toString()))));
    }
}
