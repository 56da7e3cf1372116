package org.capitania.cli.action;

import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Answer;
import org.capitania.cli.call.Api;
import org.capitania.contract.Service;
import org.capitania.contract.api.AnnotationRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hq action annotate}: a grade for one act, which agents learn from. */
@Command(
        name = "annotate",
        description = "Grade one act: good, bad, missing (what should have followed it) or unnecessary.")
public final class Annotate extends Verb {
    @Parameters(paramLabel = "ACTION", description = "its id, as hq trace show lists it")
    String id = "";

    @Option(names = "--grade", required = true, paramLabel = "GRADE", description = "good, bad, missing or unnecessary")
    String grade = "";

    @Option(names = "--note", description = "why; for missing, what should have happened")
    @Nullable
    String note;

    @Option(names = "--task", description = "the task it belongs to")
    @Nullable
    String task;

    public Annotate(Environment environment) {
        super("action.annotate", environment);
    }

    @Override
    protected Reply run() {
        Answer answer = api().post(
                        Service.APPROVAL_SERVICE,
                        Api.path("/v1/actions/", id) + "/annotations",
                        new AnnotationRequest(grade, note, task));
        return Reply.of(action(), answer.body(), screen -> screen.line("graded " + grade + ": " + id));
    }
}
