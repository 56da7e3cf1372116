package org.capitania.cli.action;

import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Answer;
import org.capitania.contract.Service;
import org.capitania.contract.api.SettleDoubt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq action settle}: a person has looked, and says whether it happened. */
@Command(name = "settle", description = "Say whether what is in doubt happened; look first.")
public final class Settle extends Verb {
    @Parameters(index = "0", paramLabel = "ID", description = "as hq action doubts lists it")
    String id = "";

    @Parameters(index = "1", paramLabel = "done|not-done", description = "whether it happened")
    String happened = "";

    @Option(names = "--note", description = "how you know")
    @Nullable
    String note;

    public Settle(Environment environment) {
        super("action.settle", environment);
    }

    @Override
    protected Reply run() {
        if (!happened.equals("done") && !happened.equals("not-done")) {
            throw Failure.caller("bad_request", "say done or not-done, not " + happened);
        }
        Answer left =
                api().post(Service.TOOL_REGISTRY, "/v1/doubts", new SettleDoubt(id, happened.equals("done"), note));
        return Reply.of(action(), left.body(), screen -> {
            screen.line("settled: " + id + " is " + happened.replace('-', ' '));
            ListDoubts.print(left.body(), screen);
        });
    }
}
