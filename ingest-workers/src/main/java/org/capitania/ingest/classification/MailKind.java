package org.capitania.ingest.classification;

import java.util.List;
import org.capitania.contract.event.EmailReceived.Classification;

/**
 * What kind of mail it is.
 *
 * @param answerable whether an answer may be drafted
 * @param reasons what in the mail says so, in words
 */
public record MailKind(Classification classification, boolean answerable, List<String> reasons) {}
