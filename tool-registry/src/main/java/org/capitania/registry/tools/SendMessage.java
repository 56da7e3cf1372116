package org.capitania.registry.tools;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.event.AgentMessage;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** The mailbox alone, for agents that may do nothing else with agents. */
@ApplicationScoped
class SendMessage implements ToolHandler {
    private final AgentMail mail;

    SendMessage(AgentMail mail) {
        this.mail = mail;
    }

    @Override
    public String tool() {
        return "send_message";
    }

    @Override
    public Result call(Call call) {
        boolean wait = call.arguments().path("wait").asBoolean();
        return mail.write(call, wait ? AgentMessage.Kind.ASK : AgentMessage.Kind.SEND);
    }
}
