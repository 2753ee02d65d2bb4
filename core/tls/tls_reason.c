// SPDX-License-Identifier: GPL-2.0-or-later
/* Reasons for verdicts. */
#include "tls/tls_reason.h"

#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>

struct reason {
	long number;
	const char *why;
};

static const struct reason certificate_reasons[] = {
	{X509_V_ERR_CERT_HAS_EXPIRED, "certificate expired"},
	{X509_V_ERR_CERT_NOT_YET_VALID, "certificate not valid yet"},
	{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "self-signed certificate"},
	{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "certificate not trusted"},
	{X509_V_ERR_HOSTNAME_MISMATCH, "certificate is for another host"},
	{X509_V_ERR_IP_ADDRESS_MISMATCH, "certificate is for another host"},
	{X509_V_ERR_INVALID_PURPOSE, "certificate is not for servers"},
	{X509_V_ERR_CERT_REVOKED, "certificate revoked"},
	{X509_V_ERR_EE_KEY_TOO_SMALL, "certificate too weak"},
	{X509_V_ERR_CA_KEY_TOO_SMALL, "certificate too weak"},
	{X509_V_ERR_CA_MD_TOO_WEAK, "certificate too weak"},
	{0, "certificate not trusted"},
};

/* RFC 8446, 6. */
static const struct reason alert_reasons[] = {
	{SSL_AD_HANDSHAKE_FAILURE, "server refuses the TLS handshake"},
	{SSL_AD_PROTOCOL_VERSION, "server refuses the TLS version"},
	{SSL_AD_UNRECOGNIZED_NAME, "server does not know the host name"},
	{SSL_AD_NO_APPLICATION_PROTOCOL, "server refuses the ALPN names"},
	{SSL_AD_BAD_CERTIFICATE, "server refuses the client certificate"},
	{SSL_AD_UNSUPPORTED_CERTIFICATE,
		"server refuses the client certificate"},
	{SSL_AD_CERTIFICATE_REVOKED, "server refuses the client certificate"},
	{SSL_AD_CERTIFICATE_EXPIRED, "server refuses the client certificate"},
	{SSL_AD_CERTIFICATE_UNKNOWN, "server refuses the client certificate"},
	{SSL_AD_UNKNOWN_CA, "server refuses the client certificate"},
	{TLS13_AD_CERTIFICATE_REQUIRED, "server wants a client certificate"},
	{0, "server ended TLS with an alert"},
};

static const struct reason library_reasons[] = {
	{SSL_R_WRONG_VERSION_NUMBER, "not TLS"},
	{SSL_R_HTTP_REQUEST, "not TLS"},
	{SSL_R_HTTPS_PROXY_REQUEST, "not TLS"},
	{SSL_R_PACKET_LENGTH_TOO_LONG, "not TLS"},
	{SSL_R_RECORD_LENGTH_MISMATCH, "not TLS"},
	{SSL_R_UNSUPPORTED_PROTOCOL, "TLS version too old"},
	{SSL_R_WRONG_SSL_VERSION, "TLS version too old"},
	{SSL_R_DH_KEY_TOO_SMALL, "TLS too weak"},
	{SSL_R_EXCESSIVE_MESSAGE_SIZE, "TLS message too long"},
	{SSL_R_CERTIFICATE_VERIFY_FAILED, "certificate not trusted"},
	{0, "TLS failed"},
};

static const char *reason_of(const struct reason *reasons, long number)
{
	while (reasons->number && reasons->number != number)
		reasons++;
	return reasons->why;
}

/* An alert that was received has its number added to a constant. */
static bool is_alert(int reason)
{
	return reason > SSL_AD_REASON_OFFSET &&
	       reason <= SSL_AD_REASON_OFFSET + 255;
}

void tls_reason_find(const SSL *ssl, struct tls_result *result)
{
	unsigned long error = ERR_peek_error();
	int reason = ERR_GET_REASON(error);
	long verified = SSL_get_verify_result(ssl);

	if (ERR_GET_LIB(error) != ERR_LIB_SSL)
		reason = 0;
	if (is_alert(reason)) {
		result->code = reason - SSL_AD_REASON_OFFSET;
		result->why = reason_of(alert_reasons, result->code);
	} else if (verified != X509_V_OK &&
		   reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
		result->code = (int)verified;
		result->why = reason_of(certificate_reasons, verified);
	} else {
		result->why = reason_of(library_reasons, reason);
	}
}
