// Judges every ds:Signature of the given files with the JDK's own implementation, secure validation on.
// Prints one line each: file, Id of the signature, "valid" or "invalid". Run with: java CheckXmlSignatures.java FILE...

import java.io.File;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import javax.xml.crypto.AlgorithmMethod;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.KeySelectorResult;
import javax.xml.crypto.XMLCryptoContext;
import javax.xml.crypto.XMLStructure;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.X509Data;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

public class CheckXmlSignatures {
    static class FromCertificate extends KeySelector {
        @Override
        public KeySelectorResult select(KeyInfo info, Purpose purpose, AlgorithmMethod method, XMLCryptoContext context) {
            for (Object part : info.getContent()) {
                if (!(part instanceof X509Data data)) {
                    continue;
                }
                for (Object each : data.getContent()) {
                    if (each instanceof X509Certificate certificate) {
                        PublicKey key = certificate.getPublicKey();
                        return () -> key;
                    }
                }
            }
            throw new IllegalStateException("no certificate");
        }
    }

    public static void main(String[] files) throws Exception {
        DocumentBuilderFactory builders = DocumentBuilderFactory.newInstance();
        builders.setNamespaceAware(true);
        builders.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
        for (String file : files) {
            Document document = builders.newDocumentBuilder().parse(new File(file));
            NodeList all = document.getElementsByTagName("*");
            for (int i = 0; i < all.getLength(); i++) {
                Element element = (Element) all.item(i);
                if (element.hasAttribute("Id")) {
                    element.setIdAttribute("Id", true);
                }
            }
            NodeList signatures = document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature");
            for (int i = 0; i < signatures.getLength(); i++) {
                Element element = (Element) signatures.item(i);
                System.out.println(file + " " + element.getAttribute("Id") + " " + judge(factory, element));
            }
        }
    }

    static String judge(XMLSignatureFactory factory, Element element) {
        try {
            DOMValidateContext context = new DOMValidateContext(new FromCertificate(), element);
            context.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.TRUE);
            return factory.unmarshalXMLSignature(context).validate(context) ? "valid" : "invalid";
        } catch (Exception error) {
            return "invalid";
        }
    }
}
