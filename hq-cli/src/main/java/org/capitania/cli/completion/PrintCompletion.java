package org.capitania.cli.completion;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hq completion}: what a shell has to run once so that it asks {@code hq _complete} when a word is begun. */
@Command(
        name = "completion",
        description = {
            "Prints what makes your shell complete hq's words.",
            "bash: eval \"$(hq completion bash)\" in ~/.bashrc",
            "zsh:  eval \"$(hq completion zsh)\" in ~/.zshrc, after compinit",
            "fish: hq completion fish | source in ~/.config/fish/config.fish"
        })
public final class PrintCompletion extends Verb {
    private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

    @Parameters(paramLabel = "bash|zsh|fish", completionCandidates = Shells.class)
    String shell = "";

    /** For completion. */
    static final class Shells extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Shells() {
            super(SHELLS);
        }
    }

    public PrintCompletion(Environment environment) {
        super("completion", environment);
    }

    @Override
    protected Reply run() {
        if (!SHELLS.contains(shell)) {
            throw Failure.caller("bad_request", "there is no completion for " + shell)
                    .withHint("there is one for " + String.join(", ", SHELLS));
        }
        try (InputStream script = PrintCompletion.class.getResourceAsStream("/completion/hq." + shell)) {
            if (script == null) {
                throw new IllegalStateException("completion/hq." + shell + " is missing");
            }
            String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            return Reply.of(
                    action(), TextNode.valueOf(text), screen -> text.lines().forEach(screen::line));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read completion/hq." + shell, e);
        }
    }
}
