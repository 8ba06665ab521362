// An evidence record (RFC 4998) before Bouncy Castle: is it about these files, and is its newest stamp's signature right?
// java -cp bcpkix.jar:bcprov.jar:bcutil.jar CheckEvidenceRecord.java RECORD SECONDS FILE...

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.ers.ERSByteData;
import org.bouncycastle.tsp.ers.ERSData;
import org.bouncycastle.tsp.ers.ERSDataGroup;
import org.bouncycastle.tsp.ers.ERSEvidenceRecord;

public class CheckEvidenceRecord {
    public static void main(String[] arguments) throws Exception {
        java.security.Security.addProvider(new BouncyCastleProvider());
        byte[] bytes = Files.readAllBytes(Path.of(arguments[0]));
        Date at = new Date(Long.parseLong(arguments[1]) * 1000);
        ERSEvidenceRecord record =
            new ERSEvidenceRecord(bytes, new JcaDigestCalculatorProviderBuilder().setProvider("BC").build());
        List<ERSData> files = new ArrayList<>();
        for (int index = 2; index < arguments.length; index++) {
            files.add(new ERSByteData(Files.readAllBytes(Path.of(arguments[index]))));
        }
        record.validatePresent(files.size() == 1 ? files.get(0) : new ERSDataGroup(files), at);
        X509CertificateHolder unit = record.getSigningCertificate();
        record.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(unit));
        System.out.println("valid");
    }
}
