package org.capitania.approval.console;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The pages as markdown, under the same addresses with {@code ?format=md}. */
@CheckedTemplate(basePath = "markdown")
final class MarkdownTemplates {
    private MarkdownTemplates() {}

    static native TemplateInstance queue(QueuePage page);

    static native TemplateInstance proposal(ProposalPage page);

    static native TemplateInstance agents(AgentsPage page);

    static native TemplateInstance activity(ActivityPage page);

    static native TemplateInstance doubts(DoubtsPage page);

    static native TemplateInstance session(SessionPage page);

    static native TemplateInstance reviews(ReviewsPage page);

    static native TemplateInstance review(ReviewsPage.Entry entry);
}
