package org.capitania.cli.fleet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import picocli.CommandLine.Command;

/** {@code hq build}: the script has built what was missing or old before this runs. */
@Command(name = "build", description = "Build what is missing or older than its sources.")
public final class Build extends Verb {
    public Build(Environment environment) {
        super("build", environment);
    }

    @Override
    protected Reply run() {
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("root", environment().root().toString());
        return Reply.of(action(), data, screen -> screen.line("everything is built"));
    }
}
