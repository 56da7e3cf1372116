package org.capitania.cli.fleet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.capitania.cli.Environment;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.contract.Service;
import picocli.CommandLine.Command;

/** {@code hq sign-in}. */
@Command(name = "sign-in", description = "A new link that signs you in at the console, good once and for 15 minutes.")
public final class SignIn extends Verb {
    public SignIn(Environment environment) {
        super("sign-in", environment);
    }

    @Override
    protected Reply run() {
        String link = SignInLink.of(api().fleet());
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("console", api().fleet().url(Service.APPROVAL_SERVICE).toString())
                .put("sign_in", link);
        return Reply.of(action(), data, screen -> screen.line(link));
    }
}
